import subprocess

import pytest

from tests.commit_subjects import faults_of, main


@pytest.mark.parametrize(
    "message",
    [
        "x" * 71,
        "Say it shortly\n\nAnd why, here.\n",
        f"fixup! {'x' * 90}",
        "Say it shortly\n# Please enter the commit message\n",
        f"Say it shortly\n# {'-' * 24} >8 {'-' * 24}\ndiff --git a b\n",
    ],
)
def test_message_when_it_can_be_read_then_nothing_is_wrong(message):
    assert faults_of(message) == []


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("x" * 72, "its subject has 72 characters"),
        ("Say it shortly\nand why", "an empty line"),
        ("", "no subject"),
        ("\n\nToo late", "no subject"),
    ],
)
def test_message_when_something_is_wrong_then_it_is_said(message, fault):
    [said] = faults_of(message)
    assert fault in said


def git(folder, *words):
    said = subprocess.run(
        ["git", "-c", "user.name=somebody", "-c", "user.email=@", *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


@pytest.fixture
def history(tmp_path, monkeypatch):
    """A repository with one commit, whose subject is too long."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", "x" * 90)
    return tmp_path


def test_history_when_only_older_commits_are_long_then_all_is_well(history, capsys):
    since = git(history, "rev-parse", "HEAD")
    message = "Say it shortly\n\nAnd why.\n\nIn two paragraphs."
    git(history, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
    assert main(["--since", since]) == 0
    assert capsys.readouterr().out == "1 messages read, 0 faults.\n"


def test_history_when_a_newer_commit_is_long_then_it_is_named(history, capsys):
    since = git(history, "rev-parse", "HEAD")
    git(history, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", "y" * 80)
    assert main(["--since", since]) == 1
    assert git(history, "rev-parse", "--short", "HEAD") in capsys.readouterr().out


def test_history_when_it_does_not_go_back_so_far_then_that_is_said(history, capsys):
    assert main(["--since", "0" * 40]) == 0
    assert "no message was read" in capsys.readouterr().out


def test_file_when_its_message_is_too_long_then_refused(tmp_path, capsys):
    (tmp_path / "COMMIT_EDITMSG").write_text("z" * 80, encoding="utf-8")
    assert main([str(tmp_path / "COMMIT_EDITMSG")]) == 1
    assert "say why in the body" in capsys.readouterr().out
