import pytest
from django.core.checks import run_checks

from artifacts.access_checks import is_published
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS

GOOD_KEY = "G7-x" + "qwertyuiopasdfghjklzxcvbnm0123456789_QWERTYUIOPASDF"
GOOD_PASSWORD = "vR2pX-k9_TqLw7Zu"


@pytest.fixture(autouse=True)
def production(settings):
    """All that a deployment needs; each test spoils one thing."""
    settings.IS_FOR_TRYING_OUT = False
    settings.REGISTRY_TASKS = "worker"
    settings.REGISTRY_ADMIN_PASSWORD = GOOD_PASSWORD
    settings.ALLOWED_HOSTS = ["registry.example.com", ".example.org"]
    settings.SECRET_KEY = GOOD_KEY
    settings.SECRET_KEY_FALLBACKS = []


def found(*, deploy: bool = True) -> list[tuple[str, str]]:
    return [
        (message.id, f"{message.msg} {message.hint}")
        for message in run_checks(tags=["security"], include_deployment_checks=deploy)
        if message.id.startswith("registry.")
    ]


def errors() -> set[str]:
    return {name for name, _ in found() if name.startswith("registry.E")}


def test_checks_when_all_is_well_then_silent():
    assert found() == []


@pytest.mark.parametrize(
    "password",
    [
        *PUBLISHED_PASSWORDS,
        *[f" {each} " for each in PUBLISHED_PASSWORDS],
        PUBLISHED_PASSWORDS[0].upper(),
        PUBLISHED_PASSWORDS[0].replace("artifacts", "models"),
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple-2026!",
        "\uff43orrecthorsebatterystaple",
        "",
    ],
    ids=range(12),
)
def test_password_when_published_or_made_of_one_that_is_then_refused(settings, password):
    settings.REGISTRY_ADMIN_PASSWORD = password
    assert errors() == {"registry.E005"}
    assert not password.strip() or is_published(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("a", "too short"),
        ("vR2pX-k9_Tq", "too short"),
        ("passwordpassword", "common"),
        ("Password-2026!!", "common password with little"),
        ("iloveyouiloveyou1", "common password with little"),
        ("94830175620184", "numeric"),
        ("aaaaaaaaaaaaaaaaaaaa", "different characters"),
        ("abcabcabcabcabc", "different characters"),
        ("ece30861defaultadminuser", "similar"),
        ("ECE30861defaultadminuser1", "similar"),
        (GOOD_KEY, "SECRET_KEY"),
    ],
)
def test_password_when_easily_guessed_then_refused_with_the_reason_and_never_shown(
    settings, password, why
):
    settings.REGISTRY_ADMIN_PASSWORD = password
    assert errors() == {"registry.E010"}
    texts = [text for _, text in found()]
    assert any(why in text for text in texts)
    assert not any(password in text for text in texts if len(password) > 1)


@pytest.mark.parametrize(
    "host", ["*", ".", ".com", "", "*.example.com", "..example.com", "a b", "https://example.com"]
)
def test_hosts_when_one_is_anybodys_then_refused(settings, host):
    settings.ALLOWED_HOSTS = ["registry.example.com", host]
    assert errors() == {"registry.E011"}


@pytest.mark.parametrize(
    "host", ["registry", "10.0.0.5", "[2001:db8::1]", ".execute-api.eu-central-1.amazonaws.com"]
)
def test_hosts_when_one_is_named_then_taken(settings, host):
    settings.ALLOWED_HOSTS = [host]
    assert errors() == set()


@pytest.mark.parametrize("key", ["hunter2", "x" * 80, "ab" * 40, f"django-insecure-{GOOD_KEY}"])
@pytest.mark.parametrize("place", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_key_when_weak_then_refused_wherever_it_stands_and_never_shown(settings, place, key):
    setattr(settings, place, key if place == "SECRET_KEY" else [GOOD_KEY, key])
    assert errors() == {"registry.E012"}
    assert all(key not in text and place in text for _, text in found())


def test_checks_when_nothing_is_deployed_then_only_the_published_password_is_told(settings):
    settings.REGISTRY_ADMIN_PASSWORD = PUBLISHED_PASSWORDS[2]
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "x", ["*"]
    assert [name for name, _ in found(deploy=False)] == ["registry.W001"]
