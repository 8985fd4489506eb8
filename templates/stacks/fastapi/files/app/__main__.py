"""Starts the server: `python -m app`, with --reload while you work on the code."""

import argparse
import signal
import sys
from types import FrameType

import uvicorn

from app.logging import configure_logging
from app.settings import Settings, load_settings

# Requests that are under way when the server is told to stop get this long, in seconds.
GRACEFUL_SHUTDOWN = 20
# Longer than reverse proxies keep idle connections (nginx: 60), so that a proxy never sends a
# request into a connection which is just being closed here.
KEEP_ALIVE = 75


def main(factory: str = "app.main:create_app") -> None:
    """Check the configuration and serve what the factory makes until a signal says stop."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Start the server.")
    parser.add_argument("--reload", action="store_true", help="restart when the code changes")
    arguments = parser.parse_args()
    settings = load_settings()
    configure_logging(settings)
    # After its graceful stop uvicorn raises SIGTERM again, which would count as a crash.
    signal.signal(signal.SIGTERM, _exit)
    serve(factory, settings, reload=arguments.reload)


def serve(factory: str, settings: Settings, *, reload: bool) -> None:
    """Run uvicorn with the settings."""
    uvicorn.run(
        factory,
        factory=True,
        host=settings.host,
        port=settings.port,
        reload=reload,
        reload_dirs=["app"] if reload else None,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN,
        timeout_keep_alive=KEEP_ALIVE,
        # app/logging.py formats uvicorn's records; app/middleware.py logs requests.
        log_config=None,
        access_log=False,
        server_header=False,
        workers=1,
    )


def _exit(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
