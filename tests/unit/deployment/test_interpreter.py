"""The Python of a stage is found on the path or at pyenv's, or what is missing is said."""

import pytest

from deployment import interpreter
from deployment.interpreter import find_interpreter, find_runtime
from deployment.steps import DeploymentFailed

NAME = "python9.7"
STAGES = {
    "base": {"runtime": "python3.13"},
    "dev": {"extends": "base"},
    "own": {"extends": "base", "runtime": "python3.12"},
    "none": {},
}


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """An empty machine, on which programs can be put that say which Python they are."""
    monkeypatch.setenv("PATH", f"{tmp_path}/first:{tmp_path}/second")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))

    def put(folder, says=NAME, status=0, name=NAME):
        program = tmp_path / folder / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    return put


@pytest.mark.parametrize(
    ("stage", "runtime"),
    [("base", "python3.13"), ("dev", "python3.13"), ("own", "python3.12")],
)
def test_runtime_when_a_stage_is_named_then_its_own_or_what_it_extends(stage, runtime):
    assert find_runtime(stage, STAGES) == runtime


@pytest.mark.parametrize("stage", ["none", "absent", ""])
def test_runtime_when_there_is_none_then_the_stages_are_named(stage):
    with pytest.raises(DeploymentFailed, match="base, dev, none, own"):
        find_runtime(stage, STAGES)


def test_interpreter_when_it_is_on_the_path_then_before_pyenvs(machine):
    machine("pyenv/versions/9.7.1/bin")
    wanted = machine("second")
    assert find_interpreter(NAME) == wanted


def test_interpreter_when_a_shim_will_not_run_it_then_the_next_place(machine):
    machine("first", says="not found", status=127)
    wanted = machine("second")
    assert find_interpreter(NAME) == wanted


def test_interpreter_when_pyenv_has_several_then_the_newest(machine):
    for version in ("9.7.9", "9.7.10", "9.7-dev"):
        wanted = machine(f"pyenv/versions/{version}/bin")
    wanted = wanted.parents[2] / "9.7.10" / "bin" / NAME
    assert find_interpreter(NAME) == wanted


@pytest.mark.parametrize(
    ("says", "status"),
    [("python9.6", 0), (NAME, 1), ("", 0)],
    ids=["another", "makes-no-environments", "says-nothing"],
)
def test_interpreter_when_none_is_what_it_is_called_then_what_to_do(machine, says, status):
    machine("first", says=says, status=status)
    with pytest.raises(DeploymentFailed) as caught:
        find_interpreter(NAME)
    assert "No python9.7" in caught.value.reason
    assert "pyenv install 9.7" in caught.value.advice
    assert "python9.7-venv" in caught.value.advice


def test_command_when_it_finds_one_then_only_its_place_is_printed(machine, capsys):
    wanted = machine("second")
    assert interpreter.main([NAME]) == 0
    assert capsys.readouterr().out == f"{wanted}\n"


def test_command_when_there_is_none_then_the_output_is_empty(machine, capsys):
    assert interpreter.main([NAME]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "Install it" in told.err
