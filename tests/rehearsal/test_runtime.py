"""What functions run on is taken from an environment, and what that lacks is said."""

import sys
from pathlib import Path

import pytest

from tests.rehearsal import runtime
from tests.rehearsal.runtime import OWN_RUNTIME, provide_runtime


def test_runtime_when_taken_from_an_environment_then_its_python_and_the_client_alone(tmp_path):
    found = provide_runtime(Path(sys.prefix), tmp_path)
    assert found.name == OWN_RUNTIME
    assert Path(found.python).is_file()
    assert not Path(found.python).is_relative_to(sys.prefix)
    assert (tmp_path / "awslambdaric" / "bootstrap.py").is_file()
    assert not (tmp_path / "django").exists()


def test_runtime_when_the_client_is_not_installed_then_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "CLIENT", ("no-such-client",))
    with pytest.raises(FileNotFoundError, match=r"no-such-client is not in .*make environments"):
        provide_runtime(Path(sys.prefix), tmp_path)
