import pytest

from app.statistics.browsers import Browser, family_of

MOZILLA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", Browser.FIREFOX),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605 FxiOS/150.0 Mobile Safari/605", Browser.FIREFOX),
        (MOZILLA + "Chrome/150.0.0.0 Safari/537.36", Browser.CHROME),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/150.0 Mobile Safari/604", Browser.CHROME),
        (MOZILLA + "Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0", Browser.EDGE),
        (MOZILLA + "Chrome/150.0.0.0 Mobile Safari/537.36 EdgA/150.0", Browser.EDGE),
        (MOZILLA + "Chrome/150.0.0.0 Safari/537.36 OPR/120.0.0.0", Browser.OPERA),
        (MOZILLA + "SamsungBrowser/30.0 Chrome/140.0.0.0 Mobile Safari/537.36", Browser.SAMSUNG),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/20.0 Safari/605", Browser.SAFARI),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Browser.BOT),
        ("SomeCrawler/1.0", Browser.BOT),
        ("curl/8.14.1", Browser.OTHER),
        ("", Browser.OTHER),
    ],
)
def test_a_browser_belongs_to_a_family(user_agent: str, family: Browser) -> None:
    assert family_of(user_agent) is family
