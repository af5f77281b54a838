import json
import re
import tomllib

from django.conf import settings

from registry_site import release
from registry_site.release import RECORD_NAME, VERSION, read_release


def test_version_when_tools_ask_the_project_then_they_are_sent_here():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"] == {
        "version": {"attr": f"{release.__name__}.VERSION"}
    }


def test_version_when_the_changelog_is_read_then_its_first_section_is_this_one():
    changelog = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    assert re.fullmatch(rf"{re.escape(VERSION)} \((unreleased|[0-9-]{{10}})\)", headings[0])


def test_release_when_there_is_no_package_then_none(tmp_path):
    assert read_release(tmp_path) is None


def test_release_when_there_is_a_record_then_what_it_says_without_its_libraries(tmp_path):
    record = {"version": "1.2.3", "commit": "c0ffee", "built_at": "", "migrations": {}}
    kept = record | {"bill": {"components": [{"name": "django", "version": "5.2"}]}}
    (tmp_path / RECORD_NAME).write_text(json.dumps(kept), encoding="utf-8")
    assert read_release(tmp_path) == record
