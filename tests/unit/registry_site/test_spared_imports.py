import importlib
import sys
from types import ModuleType

import pytest

from registry_site.spared_imports import seeming_absent

NAME = "registry_tests_no_such_module"


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


def test_absent_when_the_import_fails_then_nothing_is_left():
    with pytest.raises(ZeroDivisionError), seeming_absent(NAME):
        raise ZeroDivisionError
    assert NAME not in sys.modules
