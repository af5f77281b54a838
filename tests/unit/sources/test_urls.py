import pytest

from artifacts.exceptions import InvalidUrl, UnknownHost
from artifacts.limits import URL_MAX_CHARS
from artifacts.sources.urls import parse_url


@pytest.mark.parametrize(
    ("url", "host", "segments"),
    [
        ("https://huggingface.co/openai/whisper", "huggingface.co", ("openai", "whisper")),
        ("http://www.GitHub.com/a/b/", "github.com", ("a", "b")),
        ("https://hf.co:443//gpt2", "hf.co", ("gpt2",)),
        ("https://github.com./a/b?tab=readme#top", "github.com", ("a", "b")),
        ("https://github.com/a/b/tree/main/with%20space", "github.com",
         ("a", "b", "tree", "main", "with space")),
    ],
    ids=["plain", "www-and-case", "standard-port", "query-and-dot", "encoded"],
)  # fmt: skip
def test_parse_url_when_sound_then_in_pieces(url, host, segments):
    parsed = parse_url(url)
    assert (parsed.url, parsed.host, parsed.segments) == (url, host, segments)


def test_parse_url_when_exactly_at_the_limit_then_accepted():
    url = "https://github.com/a/".ljust(URL_MAX_CHARS, "b")
    assert parse_url(url).url == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("https://github.com/a/".ljust(URL_MAX_CHARS + 1, "b"), id="too-long"),
        pytest.param("a/b", id="no-host"),
        pytest.param("evil.example/a/b", id="no-scheme-and-another-host"),
        pytest.param("github.com.evil.example/a", id="no-scheme-and-a-longer-host"),
        pytest.param("github.com@evil.example/a", id="no-scheme-and-host-as-user"),
        pytest.param("ftp://github.com/a/b", id="ftp"),
        pytest.param("javascript:alert(1)//github.com", id="javascript"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("https://", id="no-host"),
        pytest.param("https://user:pw@github.com/a/b", id="credentials"),
        pytest.param("https://github.com@evil.example/a", id="host-as-user"),
        pytest.param("https://github.com:8443/a/b", id="other-port"),
        pytest.param("https://github.com:80/a/b", id="http-port-on-https"),
        pytest.param("https://github.com:port/a", id="port-no-number"),
        pytest.param("https://[github.com/a", id="broken-brackets"),
        pytest.param("https://github.com/a\r\nHost: x/b", id="header-injection"),
        pytest.param("https://github.com/a b", id="space"),
        pytest.param("https://github.com/a\x00b", id="nul"),
        pytest.param("https://github.com\\@evil.example/", id="backslash"),
        pytest.param("https://github.com/a/../b", id="dot-dot"),
        pytest.param("https://github.com/a/%2e%2e/b", id="encoded-dot-dot"),
        pytest.param("https://github.com/a/b%2fc", id="encoded-slash"),
        pytest.param("https://github.com/a/b%00", id="encoded-nul"),
        pytest.param("https://github.com/a/b%0d%0a", id="encoded-line-break"),
        pytest.param("https://github.com/a/\u202eb", id="direction-override"),
    ],
)
def test_parse_url_when_malformed_or_hostile_then_invalid(url):
    with pytest.raises(InvalidUrl):
        parse_url(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/a", id="other"),
        pytest.param("https://github.com.evil.example/a", id="suffix"),
        pytest.param("https://evilgithub.com/a", id="prefix"),
        pytest.param("https://127.0.0.1/a", id="loopback"),
        pytest.param("https://2130706433/a", id="loopback-as-number"),
        pytest.param("https://[::1]/a", id="ipv6-loopback"),
        pytest.param("https://localhost/a", id="localhost"),
        pytest.param("https://xn--gthub-n4a.com/a", id="look-alike"),
        pytest.param("https://g\u0456thub.com/a", id="cyrillic-look-alike"),
    ],
)
def test_parse_url_when_host_is_not_allowed_then_unknown_host(url):
    with pytest.raises(UnknownHost):
        parse_url(url)


def test_parse_url_when_settings_allow_a_host_then_accepted(settings):
    settings.REGISTRY_ALLOWED_HOSTS = ("files.example.org",)
    assert parse_url("https://files.example.org/a").host == "files.example.org"
    with pytest.raises(UnknownHost):
        parse_url("https://github.com/a/b")


@pytest.mark.parametrize(
    ("url", "address", "segments", "ref"),
    [
        (" https://github.com/a/b\n", "https://github.com/a/b", ("a", "b"), ""),
        ("<https://github.com/a/b>", "https://github.com/a/b", ("a", "b"), ""),
        ('"https://github.com/a/b/"', "https://github.com/a/b/", ("a", "b"), ""),
        ("\u200bhttps://github.com/a/b\ufeff", "https://github.com/a/b", ("a", "b"), ""),
        ("\u202ahttps://github.com/a/b\u202c", "https://github.com/a/b", ("a", "b"), ""),
        ("\u2066https://github.com/a/b\u2069 ", "https://github.com/a/b", ("a", "b"), ""),
        ("https://github.com/a/b,", "https://github.com/a/b", ("a", "b"), ""),
        ("(https://github.com/a/b).", "https://github.com/a/b", ("a", "b"), ""),
        ("github.com/a/b", "https://github.com/a/b", ("a", "b"), ""),
        ("HuggingFace.co/a/b?x#y", "https://huggingface.co/a/b?x#y", ("a", "b"), ""),
        ("//hf.co/a/b", "https://hf.co/a/b", ("a", "b"), ""),
        ("\u201chttps://github.com/a/b\u201d", "https://github.com/a/b", ("a", "b"), ""),
        ("\u201ehttps://github.com/a/b\u201c.", "https://github.com/a/b", ("a", "b"), ""),
        ("\xab https://github.com/a/b \xbb", "https://github.com/a/b", ("a", "b"), ""),
        ("https://github.com/a/b)", "https://github.com/a/b", ("a", "b"), ""),
        ("https://github.com/a/b\u201d,", "https://github.com/a/b", ("a", "b"), ""),
        ("https://github.com/a/b!", "https://github.com/a/b", ("a", "b"), ""),
        ("https://github.com/a/b\u2026", "https://github.com/a/b", ("a", "b"), ""),
        ("[b](https://github.com/a/b)", "https://github.com/a/b", ("a", "b"), ""),
        ("hf://a/b", "https://huggingface.co/a/b", ("a", "b"), ""),
        ("hf://datasets/a/b@v1", "https://huggingface.co/datasets/a/b@v1",
         ("datasets", "a", "b"), "v1"),
        ("<https://hf.co/a/b/tree/v1.0>;", "https://hf.co/a/b/tree/v1.0",
         ("a", "b", "tree", "v1.0"), ""),
        ("git@github.com:a/b.git", "https://github.com/a/b.git", ("a", "b.git"), ""),
        ("git@hf.co:datasets/a/b", "https://hf.co/datasets/a/b", ("datasets", "a", "b"), ""),
        ("ssh://git@github.com/a/b", "https://github.com/a/b", ("a", "b"), ""),
        ("ssh://git@GitHub.com:22/a/b", "https://github.com/a/b", ("a", "b"), ""),
        ("ssh://git@ssh.github.com:443/a/b", "https://github.com/a/b", ("a", "b"), ""),
        ("git://github.com/a/b.git", "https://github.com/a/b.git", ("a", "b.git"), ""),
        ("GIT+HTTPS://github.com/a/b.git@v1#egg=b", "https://github.com/a/b.git@v1#egg=b",
         ("a", "b.git"), "v1"),
        ("git+ssh://git@github.com/a/b@feature/x", "https://github.com/a/b@feature/x",
         ("a", "b"), "feature/x"),
        ("https://hf.co/a/b/tree/refs%2Fpr%2F1/c", "https://hf.co/a/b/tree/refs%2Fpr%2F1/c",
         ("a", "b", "tree", "refs/pr/1", "c"), ""),
        ("https://hf.co/gpt2/tree/x%2f", "https://hf.co/gpt2/tree/x%2f", ("gpt2", "tree", "x"), ""),
    ],
)  # fmt: skip
def test_parse_url_when_copied_from_elsewhere_then_as_a_browser_finds_it(
    url, address, segments, ref
):
    parsed = parse_url(url)
    assert (parsed.url, parsed.address) == (url, address)
    assert (parsed.segments, parsed.ref) == (segments, ref)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ssh://root@github.com/a/b", id="another-user"),
        pytest.param("ssh://git:pw@github.com/a/b", id="password"),
        pytest.param("https://git@github.com/a/b", id="user-without-ssh"),
        pytest.param("ssh://git@github.com:443/a/b", id="other-port"),
        pytest.param("https://ssh.github.com:443/a/b", id="host-of-ssh-only"),
        pytest.param("git@127.0.0.1:a/b", id="loopback"),
        pytest.param("git@github.com@evil.example:a/b", id="two-hosts"),
        pytest.param("git+file:///etc/passwd", id="file"),
        pytest.param("git+git+https://github.com/a/b", id="prefix-twice"),
        pytest.param("<https://github.com/a/b", id="one-bracket"),
        pytest.param("https://github.com/a/b/tree/%2e%2e%2fx", id="encoded-parent"),
        pytest.param("https://github.com/a/b/tree/x%2f..%2f..", id="parent-after-slash"),
        pytest.param("https://hf.co/datasets%2fa/b", id="slash-in-owner"),
        pytest.param("git+https://github.com/a/b@x/../y", id="parent-in-ref"),
        pytest.param("https://github.com/a/..", id="parent-at-the-end"),
    ],
)
def test_parse_url_when_another_form_is_hostile_then_invalid(url):
    with pytest.raises((InvalidUrl, UnknownHost)):
        parse_url(url)
