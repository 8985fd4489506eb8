"""Structured logs: one event per line on standard output, the server's own included."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from app.configuration import CommonSettings


def configure_logging(settings: CommonSettings) -> None:
    """Send every log record of the process through structlog: JSON, or text for people."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers = _renderers(settings.json_logs)
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    handler = logging.StreamHandler(sys.stdout)
    # What the server and libraries log comes as records of the standard library.
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                *shared,
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.stdlib.ExtraAdder(),
                _without_colors,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # What we log ourselves does not take that way round, which costs more than a small request.
    structlog.configure(
        processors=[*shared, *renderers],
        logger_factory=lambda name: _Logger(name, handler),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )


class _Logger:
    """Writes lines to where a handler writes its own."""

    def __init__(self, name: str, handler: logging.StreamHandler[Any]) -> None:
        self.name = name
        self._handler = handler

    def info(self, line: str) -> None:
        self._handler.stream.write(line + "\n")
        self._handler.flush()

    debug = warning = error = exception = critical = info


def _without_colors(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drop uvicorn's second copy of its messages, with colors."""
    event.pop("color_message", None)
    return event


def _renderers(json_logs: bool) -> list[Processor]:
    if json_logs:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())]
