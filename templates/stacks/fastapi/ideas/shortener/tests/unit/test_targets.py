import pytest

from app.short_links.targets import TargetError, host_of, is_private, normalize_url


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM:8443/A?b=C#D", "https://example.com:8443/A?b=C#D"),
        ("http://example.com./", "http://example.com/"),
        ("http://example.com:/", "http://example.com/"),
        ("https://BÜCHER.example/Straße", "https://xn--bcher-kva.example/Stra%C3%9Fe"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        (
            "https://例え.テスト/メ?日#月",
            "https://xn--r8jz45g.xn--zckzah/%E3%83%A1?%E6%97%A5#%E6%9C%88",
        ),
        ("https://example.com/100%/%e4%zz", "https://example.com/100%25/%e4%25zz"),
        ('https://example.com/<">\\^`{|}', "https://example.com/%3C%22%3E%5C%5E%60%7B%7C%7D"),
        ("https://example.com/;a=1,b?q=[1]&x=/?", "https://example.com/;a=1,b?q=%5B1%5D&x=/?"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://[2001:4860:4860:0::8888]:80/", "http://[2001:4860:4860::8888]:80/"),
        (f"http://example.com/{'x' * 2029}", f"http://example.com/{'x' * 2029}"),
    ],
)
def test_a_url_is_stored_in_one_form_of_ascii(given: str, normal: str) -> None:
    assert normalize_url(given) == normal
    assert normalize_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "/relative",
        "//example.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "https:///path",
        "https://:80/",
        "https://?q",
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://example.com\\@evil.example/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\r\nSet-Cookie: a=b",
        "https://example.com/\t",
        "https://example.com/\x7f",
        "https://example.com/\N{ZERO WIDTH SPACE}",
        "https://example.com/\N{RIGHT-TO-LEFT OVERRIDE}",
        " https://example.com/",
        "https://example..com/",
        "https://-example.com/",
        "https://exam%70le.com/",
        "https://exa<mple.com/",
        f"https://{'x' * 64}.com/",
        f"https://{'x.' * 127}com/",
        "https://xn--a-ä.example/",
        "https://\N{COMBINING ACUTE ACCENT}.example/",
        "https://example.com:65536/",
        "https://example.com:-1/",
        "https://example.com:8o/",
        "https://[::1/",
        "https://[::1]x/",
        "https://[::g]/",
        "https://[v1.x]/",
        "https://1.2.3.4.5/",
        "https://1.2.3.256/",
        "https://256.1/",
        "https://4294967296/",
        "https://08.0.0.1/",
        "https://a.1/",
        "https://0xg.1/",
        f"https://{'1' * 5000}/",
        f"https://example.com/{'x' * 2029}",
        f"https://example.com/{'ä' * 400}",
    ],
)
def test_what_no_browser_could_open_or_should_is_refused(url: str) -> None:
    with pytest.raises(TargetError):
        normalize_url(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7F.0.0.1",
        "0177.0.0.01",
        "017700000001",
        "127.0.0.1.",
        "１２７.０.０.１",
        "127。0。0。1",
        "0",
        "0x",
        "0.0.0.0",
        "10.255.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[fc00::1]",
        "[fe80::1]",
        "[ff02::1]",
        "localhost",
        "LOCALHOST.",
        "ｌｏｃａｌｈｏｓｔ",
        "app.localhost",
        "printer.local",
        "metadata.google.internal",
        "nas.home.arpa",
    ],
)
def test_private_hosts_are_recognized_in_every_notation(host: str) -> None:
    assert is_private(host_of(normalize_url(f"http://{host}/")))


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.example",
        "mylocalhost",
        "8.8.8.8",
        "172.32.0.1",
        "[2001:4860:4860::8888]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::8.8.8.8]",
    ],
)
def test_public_hosts_are_not_private(host: str) -> None:
    assert not is_private(host_of(normalize_url(f"http://{host}/")))
