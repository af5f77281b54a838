"""The record of a release says which commit it was built from, and whether that was changed."""

import os
import subprocess

from deployment import record


def test_changes_when_a_file_is_new_or_changed_then_named(monkeypatch, tmp_path):
    def git(*words: str) -> None:
        mine = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        command = ("git", "-C", str(tmp_path), *mine, *words)
        subprocess.run(command, check=True, env=alone)

    monkeypatch.setattr(record, "ROOT", tmp_path)
    assert record.find_changes() is None
    assert record._commit() == ""
    git("init", "--quiet")
    (tmp_path / "a.py").write_text("1")
    git("add", ".")
    git("commit", "--quiet", "-m", "a")
    assert record.find_changes() == []
    assert len(record._commit()) == 40
    (tmp_path / "a.py").write_text("2")
    (tmp_path / "new.py").write_text("1")
    assert record.find_changes() == ["a.py", "new.py"]
    assert record._commit().endswith("-dirty")
