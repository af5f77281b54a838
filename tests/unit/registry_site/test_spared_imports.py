import importlib
import sys
from types import ModuleType

import pytest

from registry_site import spared_imports
from registry_site.spared_imports import (
    installed_version,
    seeming_absent,
    standing_in,
)

NAME = "registry_tests_no_such_module"


def test_stand_in_when_imported_then_has_what_it_was_given_and_is_gone_afterwards():
    with standing_in({NAME: {"Session": object}}):
        assert importlib.import_module(NAME).Session is object
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(NAME)


def test_stand_in_when_the_module_is_there_already_then_it_stays():
    with standing_in({"json": {}}):
        assert importlib.import_module("json").loads("1") == 1
    assert "json" in sys.modules


def test_stand_in_when_the_import_fails_then_gone_as_well():
    with pytest.raises(ZeroDivisionError), standing_in({NAME: {}}):
        raise ZeroDivisionError
    assert NAME not in sys.modules


def test_absent_when_imported_then_as_if_it_were_not_installed(monkeypatch, tmp_path):
    (tmp_path / f"{NAME}.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with seeming_absent(NAME), pytest.raises(ImportError):
        importlib.import_module(NAME)
    assert isinstance(importlib.import_module(NAME), ModuleType)
    del sys.modules[NAME]


def test_absent_when_the_module_is_there_already_then_it_stays():
    with seeming_absent("json"):
        assert importlib.import_module("json").loads("1") == 1
    assert "json" in sys.modules


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """A package with two libraries in it."""
    for name in ("psycopg_binary-3.3.9", "Zappa-0.63.0", "not-a-version"):
        (tmp_path / f"{name}.dist-info").mkdir()
    older = tmp_path / "older"
    (older / "Zappa-0.62.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(older), "/nowhere"])
    spared_imports._versions.cache_clear()
    yield
    spared_imports._versions.cache_clear()


def test_version_when_the_library_is_in_the_package_then_it(installed):
    assert installed_version("psycopg-binary") == "3.3.9"
    assert installed_version("zappa") == "0.63.0"


def test_version_when_it_is_not_there_then_an_error(installed):
    with pytest.raises(KeyError):
        installed_version("boto3")
