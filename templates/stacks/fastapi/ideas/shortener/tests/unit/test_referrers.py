import pytest

from app.redirects.router import referring_host


@pytest.mark.parametrize(
    ("referer", "host"),
    [
        ("https://News.Example/today?secret=1#x", "news.example"),
        ("http://user:password@news.example:8080/", "news.example"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("android-app://com.example.reader/", "com.example.reader"),
        ("", ""),
        ("about:blank", ""),
        ("not a url", ""),
        ("http://[broken", ""),
        ("http://bücher.example/", ""),
        (f"http://{'x' * 254}/", ""),
    ],
)
def test_of_a_referrer_only_the_host_is_kept(referer: str, host: str) -> None:
    assert referring_host(referer) == host
