import json
import tomllib

from django.conf import settings

from registry_site.release import RECORD_NAME, VERSION, read_release


def test_version_when_the_project_states_one_then_it_is_this():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_release_when_there_is_no_package_then_none(tmp_path):
    assert read_release(tmp_path) is None


def test_release_when_there_is_a_record_then_what_it_says_without_its_libraries(tmp_path):
    record = {"version": "1.2.3", "commit": "c0ffee", "built_at": "", "migrations": {}}
    kept = record | {"bill": {"components": [{"name": "django", "version": "5.2"}]}}
    (tmp_path / RECORD_NAME).write_text(json.dumps(kept), encoding="utf-8")
    assert read_release(tmp_path) == record
