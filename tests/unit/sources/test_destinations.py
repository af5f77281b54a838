import pytest

from artifacts.exceptions import SourceRefused
from artifacts.sources.destinations import check_url, origin, redirected, shown


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ftp://huggingface.co/x", id="ftp"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("gopher://huggingface.co/", id="gopher"),
        pytest.param("https:///nohost", id="no-host"),
        pytest.param("https://user:secret@huggingface.co/x", id="credentials"),
        pytest.param("https://user@huggingface.co/x", id="user"),
        pytest.param("https://@huggingface.co/x", id="empty-user"),
        pytest.param("http://huggingface.co/x", id="unencrypted"),
        pytest.param("http://127.0.0.1/x", id="unencrypted-loopback"),
        pytest.param("https://huggingface.co:99999/", id="port-too-large"),
        pytest.param("https://[::1/", id="broken-brackets"),
        pytest.param("/only/a/path", id="no-scheme"),
    ],
)
def test_check_url_when_requests_may_not_go_there_then_refused(url):
    with pytest.raises(SourceRefused) as raised:
        check_url(url)
    assert "secret" not in raised.value.message


def test_check_url_when_https_then_allowed():
    assert check_url("https://cdn.example.org/file?x=1") is None


def test_check_url_when_setting_itself_says_http_then_allowed(settings):
    settings.HF_ENDPOINT = "http://mirror.example.org:8080"
    assert check_url("http://mirror.example.org:8080/x") is None
    with pytest.raises(SourceRefused, match="without encryption"):
        check_url("http://mirror.example.org/x")


def test_check_url_when_host_and_port_are_named_private_then_http_allowed(settings):
    settings.REGISTRY_PRIVATE_HOSTS = ("inside:80",)
    assert check_url("http://inside/x") is None


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/other", "https://hub.example.org/other"),
        ("https://cdn.example.org/x", "https://cdn.example.org/x"),
        ("//cdn.example.org/x", "https://cdn.example.org/x"),
        ("?page=2", "https://hub.example.org/a/b?page=2"),
    ],
    ids=["relative", "absolute", "scheme-relative", "query"],
)
def test_redirected_when_encrypted_then_joined(location, target):
    assert redirected("https://hub.example.org/a/b", location) == target


@pytest.mark.parametrize(
    "location",
    ["http://hub.example.org/x", "ftp://hub.example.org/x", "http://[", "https://h:port/"],
    ids=["downgrade", "other-scheme", "broken", "port-no-number"],
)
def test_redirected_when_unencrypted_or_no_url_then_refused(location):
    with pytest.raises(SourceRefused, match=r"hub\.example\.org redirects"):
        redirected("https://hub.example.org/a", location)


def test_redirected_when_unencrypted_host_is_named_private_then_allowed(settings):
    settings.REGISTRY_PRIVATE_HOSTS = ("inside:9000",)
    assert redirected("https://hub.example.org/a", "http://inside:9000/x") == "http://inside:9000/x"


def test_origin_when_port_is_the_standard_one_then_same_as_without():
    assert origin("https://HuggingFace.co/x") == origin("https://huggingface.co:443/y")


def test_shown_when_url_is_signed_then_without_its_query():
    assert shown("https://cdn.example.org/f?X-Amz-Signature=s") == "https://cdn.example.org/f"
