import httpx
import pytest


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/chat.js", "text/javascript"), ("/chat.css", "text/css")],
)
async def test_the_page_runs_nothing_but_its_own(
    client: httpx.AsyncClient, path: str, kind: str
) -> None:
    client.event_hooks = {}
    response = await client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(kind)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
