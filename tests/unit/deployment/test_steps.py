import pytest

from deployment.steps import DeploymentFailed, Steps, run_command


def test_command_when_its_work_is_done_then_the_summary_and_its_closing_sentence(capsys):
    def work(steps: Steps) -> str:
        with steps.step("package") as step:
            step.note = "21 MB"
        return "It answers."

    assert run_command(work) == 0
    package, summary, closing = capsys.readouterr().out.splitlines()
    assert package.startswith("ok ")
    assert package.endswith("package: 21 MB")
    assert summary == "1 steps in 0 s, none failed."
    assert closing == "It answers."


def test_command_when_a_step_fails_then_reason_advice_summary_and_the_exit_code(capsys):
    def work(steps: Steps) -> str:
        with steps.step("package"):
            raise DeploymentFailed("It is too large.", "Leave something out.")

    assert run_command(work) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "",
        "Wrong: It is too large.",
        "Next:  Leave something out.",
        "1 steps in 0 s, failed: package.",
    ]


def test_command_when_it_takes_no_step_then_only_what_it_printed(capsys):
    assert run_command(lambda _steps: "") == 0
    assert capsys.readouterr().out == ""


def test_command_when_something_else_breaks_then_it_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_command(lambda _steps: str(1 / 0))
