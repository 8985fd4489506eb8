"""The application as a process: how it starts, what it believes proxies, how it stops."""

import socket
import sys

import httpx
import pytest

from tests.server import TIMEOUT, Server

posix_only = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process without telling it"
)
FORWARDED = {
    "Host": "api.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.7",
}


def test_invalid_settings_stop_the_start_with_one_line(server: Server) -> None:
    process = server.spawn(PORT="eighty")
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert output.startswith("Configuration error: PORT: ")
    assert output.count("\n") == 1


def test_production_does_not_start_without_a_database(server: Server) -> None:
    process = server.spawn(ENVIRONMENT="production", DATABASE_URL="")
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert "Configuration error: DATABASE_URL: must be set in production\n" in output


@pytest.mark.parametrize(
    ("trusted", "url", "client"),
    [
        ("127.0.0.1", "https://api.example", "203.0.113.7"),
        ("10.0.0.0/8", "http://api.example", "127.0.0.1"),
    ],
)
def test_forwarded_headers_count_only_from_a_trusted_proxy(
    server: Server, trusted: str, url: str, client: str
) -> None:
    server.start(FORWARDED_ALLOW_IPS=trusted)
    assert httpx.get(f"{server.url}/probe/url", headers=FORWARDED).json() == url
    assert server.wait_for("request")["client"] == client


def test_the_public_url_counts_more_than_the_request(server: Server) -> None:
    server.start(PUBLIC_URL="https://todo.example/base/")
    response = httpx.get(f"{server.url}/probe/url", headers=FORWARDED)
    assert response.json() == "https://todo.example/base"


def test_a_connection_survives_a_body_over_the_limit(server: Server) -> None:
    server.start(MAX_BODY_BYTES="1000")
    with httpx.Client(base_url=server.url) as client:
        assert client.post("/probe", content=b"x" * 100_000).status_code == 413
        assert client.post("/probe", content=iter([b"x" * 10_000] * 10)).status_code == 413
        assert client.get("/probe").status_code == 200


@posix_only
def test_a_request_under_way_is_finished_before_the_server_stops(server: Server) -> None:
    server.start()
    body = b'{"displayName": "x"}'
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as connection:
        connection.sendall(
            b"POST /probe HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body)
        )
        # The application is waiting for the body now.
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        server.terminate()
        server.wait_for("Shutting down")
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert server.wait() == 0


@posix_only
def test_an_idle_server_stops_with_exit_code_0(server: Server) -> None:
    server.start()
    server.terminate()
    server.wait_for("Application shutdown complete")
    assert server.wait() == 0
