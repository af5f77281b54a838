"""What zappa_settings.json says, where a mistake would only show in production."""

import gc
import importlib
import json
import re
import sys
from types import ModuleType

import pytest
from django.conf import settings

from deployment.observing import Wanted
from deployment.preflight import CLEAN_TREE

STAGES = json.loads((settings.BASE_DIR / "zappa_settings.json").read_text(encoding="utf-8"))
BASE = STAGES["base"]


@pytest.fixture
def handler(monkeypatch):
    """The function's entry, which imports the settings that Zappa writes into a package."""
    settings = ModuleType("zappa_settings")
    vars(settings).update(API_STAGE="dev", BASE_PATH=None)
    monkeypatch.setitem(sys.modules, "zappa_settings", settings)
    yield importlib.import_module("registry_site.lambda_handler")
    gc.unfreeze()
    del sys.modules["registry_site.lambda_handler"]


def found(path: str) -> object:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_stages_when_listed_then_they_differ_in_what_they_write_down_only():
    assert {name for name in STAGES if name != "base"} == {"dev", "production"}
    assert STAGES["dev"] == {"extends": "base"}
    # What answers for everybody is what a commit holds.
    assert STAGES["production"][CLEAN_TREE] is True
    own = {"extends", CLEAN_TREE, "log_retention_days", "access_log"}
    assert set(STAGES["production"]) == own


@pytest.mark.parametrize("name", ["dev", "production"])
def test_stages_when_they_say_what_is_written_down_then_it_can_be(name):
    wanted = Wanted.of(BASE | STAGES[name])
    assert wanted.has_access_log is (name == "production")


def test_runtime_when_packages_are_made_then_one_whose_linux_takes_the_wheels():
    # Amazon Linux 2023; older runtimes have a glibc that refuses the newest wheels.
    assert BASE["runtime"] in {"python3.12", "python3.13"}


def test_names_when_zappa_calls_them_then_they_are_there(handler):
    names = [BASE["lambda_handler"], *BASE["callbacks"].values()]
    names += [event["function"] for event in BASE["events"]]
    assert len(names) == 6
    assert all(callable(found(name)) for name in names)


def test_schedules_when_named_then_the_function_knows_them_by_the_names_of_their_rules(handler):
    assert {event["function"] for event in BASE["events"]} < handler.SCHEDULES.keys()
    # The name is what stands behind the last hyphen of a rule's.
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
        ("cloudwatch_log_level", "OFF"),  # writes headers, tokens among them
        ("cloudwatch_data_trace", False),  # writes bodies, passwords among them
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
