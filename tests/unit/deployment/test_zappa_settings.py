"""What zappa_settings.json says, where a mistake would only show in production."""

import importlib
import json
import re
import sys
from types import ModuleType

import pytest
from django.conf import settings

STAGES = json.loads((settings.BASE_DIR / "zappa_settings.json").read_text(encoding="utf-8"))
BASE = STAGES["base"]


@pytest.fixture
def handler(monkeypatch):
    """The function's entry; the tests do not install Zappa, whose handler it imports."""
    zappa = ModuleType("zappa.handler")
    zappa.LambdaHandler = object
    monkeypatch.setitem(sys.modules, "zappa", ModuleType("zappa"))
    monkeypatch.setitem(sys.modules, "zappa.handler", zappa)
    yield
    sys.modules.pop("registry_site.lambda_handler", None)


def found(path: str) -> object:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_stages_when_listed_then_each_is_what_the_base_says():
    assert {name for name in STAGES if name != "base"} == {"dev", "production"}
    assert STAGES["dev"] == STAGES["production"] == {"extends": "base"}


def test_stages_when_a_request_comes_by_api_gateway_then_no_route_begins_with_their_name():
    # Zappa takes the stage's name off a path as a mere prefix.
    from registry_site.urls import urlpatterns

    routes = [str(route.pattern) for route in urlpatterns]
    assert len(routes) > 20
    assert [route for route in routes if route.startswith(tuple(STAGES))] == []


def test_names_when_zappa_calls_them_then_they_are_there(handler):
    names = [BASE["lambda_handler"], *BASE["callbacks"].values()]
    names += [event["function"] for event in BASE["events"]]
    assert len(names) == 5
    assert all(callable(found(name)) for name in names)


def test_schedules_when_named_then_as_zappa_finds_its_functions_again():
    # It splits the rule's name at hyphens, and takes what is behind the last.
    for event in BASE["events"]:
        assert re.fullmatch(r"[._A-Za-z0-9]{1,63}", event["function"])
        assert "-" not in event["name"]


def test_secrets_when_there_are_some_then_not_here():
    # These would be written into the package.
    assert "environment_variables" not in BASE
    assert set(BASE["aws_environment_variables"]) == {
        "DJANGO_SETTINGS_MODULE", "REGISTRY_STORAGE", "REGISTRY_TASKS",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("debug", False),  # shows tracebacks to everybody
        ("slim_handler", False),  # a rollback would not restore the code
        ("use_precompiled_packages", False),  # asks the index for what no lock names
        ("keep_warm", False),  # one instance alone
        ("manage_roles", False),  # a role that may nearly everything
        ("exclude", ["*"]),  # the callback packs
    ],
)
def test_setting_when_zappas_own_would_harm_then_ours(name, value):
    assert BASE[name] == value
