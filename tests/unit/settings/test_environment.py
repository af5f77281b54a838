import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings import environment as env
from registry_site.settings.variables import VARIABLES, Variable

NAME = "REGISTRY_TEST"


@pytest.fixture
def variable(monkeypatch):
    monkeypatch.setitem(VARIABLES, NAME, Variable())

    def set_to(value: str) -> str:
        monkeypatch.setenv(NAME, value)
        return NAME

    return set_to


def complaint(read, *given, **named) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(*given, **named)
    return str(caught.value)


def test_text_when_required_and_missing_then_names_the_variable(variable):
    assert NAME in complaint(env.text, variable(" "))


def test_text_when_the_table_has_no_such_variable_then_a_mistake_of_ours():
    with pytest.raises(KeyError):
        env.text("REGISTRY_ABSENT", "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a\nb", "control characters"),
        ("a\x7fb", "control characters"),
        ("x" * 10_001, "10,000 characters"),
        ("\udcff", "UTF-8"),
    ],
    ids=["line-break", "delete", "long", "bytes"],
)
def test_text_when_no_value_can_be_so_then_says_why(variable, value, reason):
    line = complaint(env.text, variable(value), "")
    assert NAME in line
    assert reason in line
    assert len(line.splitlines()) == 1
    assert len(line) < 300


def test_choice_when_another_word_then_names_the_choices(variable):
    assert env.choice(variable("S3"), ("local", "s3"), "local") == "s3"
    assert "local, s3" in complaint(env.choice, variable("ftp"), ("local", "s3"), "local")


@pytest.mark.parametrize("value", ["many", "-1", "11", "1_0", "1e1", "٣", "9" * 5_000])
def test_integer_when_wrong_then_says_what_is_right(variable, value):
    line = complaint(env.integer, variable(value), 1, minimum=0, maximum=10)
    assert "whole number from 0 to 10" in line


def test_integer_when_at_its_edges_then_taken(variable):
    assert env.integer(variable("0"), 1, minimum=0, maximum=10) == 0
    assert env.integer(variable("10"), 1, minimum=0, maximum=10) == 10


def test_words_when_separated_by_commas_or_spaces_then_both(variable):
    assert env.words(variable("a, b c,,d")) == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    "value",
    ["https://hub.example", "http://127.0.0.1:80/prefix", "http://[::1]:8443", "http://a_b.c"],
)
def test_base_url_when_a_plain_address_then_without_its_last_slash(variable, value):
    assert env.base_url(variable(f"{value}/"), "") == value


@pytest.mark.parametrize(
    "value",
    [
        "hub.example", "ftp://hub.example", "https://", "https://a b", "https://u:p@a.example",
        "https://a.example?x", "https://a.example#x", "https://a.example:port", "https://a:0",
        "https://a:99999", "https://[::1", "https://ä.example", "https://-a.example", "http:/a",
    ],
)  # fmt: skip
def test_base_url_when_no_plain_address_then_says_so(variable, value):
    assert "http:// or https://" in complaint(env.base_url, variable(value), "")


def test_hosts_when_names_then_in_lower_case(variable):
    value = "HF.co, localhost [::1] my_host.example"
    assert env.hosts(variable(value)) == ("hf.co", "localhost", "[::1]", "my_host.example")
    assert env.host_patterns(variable("*, .Example.com")) == ("*", ".example.com")


@pytest.mark.parametrize("value", ["https://a.example", "a.example:80", "a.example/x", "a..b", "*"])
def test_hosts_when_one_is_none_then_it_is_shown(variable, value):
    assert repr(value) in complaint(env.hosts, variable(f"hf.co {value}"))


def test_private_hosts_when_pairs_then_taken(variable):
    assert env.hosts_with_ports(variable("A:80 [::1]:9000")) == ("a:80", "[::1]:9000")


@pytest.mark.parametrize("value", ["127.0.0.1", "http://a:80", "a:0", "a:70000", "a:b"])
def test_private_hosts_when_one_is_no_pair_then_it_is_shown(variable, value):
    assert repr(value) in complaint(env.hosts_with_ports, variable(value))


@pytest.mark.parametrize("value", ["a.example", "https://a.example/x", "https://a:0", "ftp://a"])
def test_origins_when_one_is_none_then_it_is_shown(variable, value):
    good = ("https://a.example", "http://[::1]:8000", "https://*.b.example")
    assert env.origins(variable(" ".join(good))) == good
    assert repr(value) in complaint(env.origins, variable(value))


def test_token_when_it_could_change_a_header_then_refused_and_never_shown(variable, monkeypatch):
    assert env.token(variable("ghp_a-B.9")) == "ghp_a-B.9"
    monkeypatch.setitem(VARIABLES, NAME, Variable(secret=True))
    assert "hidden" not in complaint(env.token, variable("hidden word"))
    assert "hidden" not in complaint(env.secret, variable("hidden"), maximum_chars=3)


def test_demand_when_some_are_missing_then_all_of_them_are_named(variable):
    there = variable("here")
    env.demand([there])
    line = complaint(env.demand, [there, "REGISTRY_ABSENT", "REGISTRY_LACKING"])
    assert "REGISTRY_ABSENT, REGISTRY_LACKING" in line


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", 0),
        ("2", 2),
        ("unix", ("unix",)),
        ("10.0.0.0/8, 127.0.0.1 UNIX", ("10.0.0.0/8", "127.0.0.1/32", "unix")),
        ("2001:DB8::/32", ("2001:db8::/32",)),
    ],
)
def test_proxies_when_counted_or_named_then_read_so(variable, value, expected):
    assert env.proxies(variable(value)) == expected


@pytest.mark.parametrize(
    "value", ["101", "-1", "10.0.0.1/8", "10.0.0", "proxy.example", "1,unix", "10.0.0.0/33"]
)
def test_proxies_when_neither_then_says_what_is_right(variable, value):
    assert "number from 0 to 100" in complaint(env.proxies, variable(value))
