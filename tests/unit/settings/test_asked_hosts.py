import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings.asked_hosts import read_hosts

NAME = "REGISTRY_MONITOR_HOSTS"


@pytest.fixture
def read(monkeypatch):
    def read(value: str) -> tuple[str, ...]:
        monkeypatch.setenv(NAME, value)
        return read_hosts(NAME)

    return read


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ()),
        ("policy.example.com", ("policy.example.com:443",)),
        ("Policy.example.com, b:8443 10.0.0.7",
         ("policy.example.com:443", "b:8443", "10.0.0.7:443")),
        ("localhost:8630,127.0.0.1:1", ("localhost:8630", "127.0.0.1:1")),
        ("xn--bcher-kva.example:65535", ("xn--bcher-kva.example:65535",)),
    ],
)  # fmt: skip
def test_hosts_when_named_then_each_with_its_port(read, value, expected):
    assert read(value) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        "https://policy.example.com", "policy.example.com/", "u@policy.example.com", "*",
        "*.example.com", ".example.com", "policy.example.com.", "a:0", "a:65536", "a:", ":443",
        "a:b", "a:1:2", "[::1]:443", "::1", "bücher.example", "-a", "a..b", "x" * 64,
        # Addresses that no service has, and other spellings of addresses.
        "169.254.169.254", "169.254.169.254:8443", "0.0.0.1", "224.0.0.1", "255.255.255.255",
        "2852039166", "0xa9fea9fe", "169.254.43518", "1.2.3.256", "010.0.0.7", "a.0x1", "x.7",
    ],
)  # fmt: skip
def test_hosts_when_wrong_then_one_sentence_says_what_is_right(read, wrong):
    with pytest.raises(ImproperlyConfigured) as caught:
        read(f"policy.example.com,{wrong}")
    told = str(caught.value)
    assert told.startswith(f"{NAME} holds {ascii(wrong[:60])[:-1]}")
    assert "it must be a host that is asked by https" in told
    assert ". " not in told
