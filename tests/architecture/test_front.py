"""What a stranger, an editor or the repository's host reads first."""

import configparser
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OWNERS = ROOT / ".github" / "CODEOWNERS"
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
PAGES = ("SECURITY.md", "docs/security/README.md", "docs/CONTRIBUTING.md", "docs/releasing.md")
# File -> the schema that check-jsonschema brings for it.
SCHEMAS = {
    "renovate.json": "vendor.renovate",
    ".github/ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    ".github/ISSUE_TEMPLATE/fault.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/wish.yml": "vendor.github-issue-forms",
}


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tracked() -> list[str]:
    """The files that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


# ------------------------------------------------------------------ schemas


@pytest.mark.slow
@pytest.mark.parametrize(("path", "schema"), SCHEMAS.items())
def test_file_when_it_has_a_schema_then_it_fits(path, schema):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_forms_when_counted_then_each_is_held_to_its_schema():
    found = {f".github/ISSUE_TEMPLATE/{path.name}" for path in FORMS.iterdir()}
    assert found == SCHEMAS.keys() - {"renovate.json"}


def test_forms_when_somebody_reports_a_weakness_then_they_point_to_the_private_way():
    assert yaml.safe_load(text_of(".github/ISSUE_TEMPLATE/config.yml")) == {
        "blank_issues_enabled": False
    }
    assert "SECURITY.md" in text_of(".github/ISSUE_TEMPLATE/fault.yml")


# ------------------------------------------------------------------ owners


def owned() -> list[tuple[str, list[str]]]:
    """Each line's path, and who is asked."""
    lines = OWNERS.read_text(encoding="utf-8").splitlines()
    return [
        (path, owners)
        for path, *owners in (line.split() for line in lines if line and line[0] != "#")
    ]


def test_owners_when_nothing_else_fits_then_somebody_is_asked():
    assert owned()[0][0] == "*"
    assert len(owned()) > 10


@pytest.mark.parametrize(("path", "owners"), owned()[1:], ids=[path for path, _ in owned()[1:]])
def test_owners_when_they_name_a_path_then_it_is_there_and_has_a_team(path, owners):
    assert path.startswith("/")
    found = ROOT / path.strip("/")
    assert found.is_dir() if path.endswith("/") else found.is_file()
    assert owners
    assert [each for each in owners if not re.fullmatch(r"@[A-Za-z-]+/[a-z-]+", each)] == []


# ------------------------------------------------------------------ editors


def rules_of(path: str) -> dict[str, str]:
    """What .editorconfig says of a file; of two sections the later counts."""
    sections = configparser.ConfigParser()
    sections.read_string("[root]\n" + text_of(".editorconfig"))
    name = path.rpartition("/")[2]
    rules: dict[str, str] = {}
    for section in sections.sections():
        prefix, brace, ending = section.partition("{")
        choices = ending.rstrip("}").split(",") if brace else [""]
        if any(fnmatch(name, prefix + choice) for choice in choices):
            rules |= sections[section]
    return rules


def test_editors_when_they_open_a_file_then_they_find_its_rules():
    assert rules_of("artifacts/apps.py")["max_line_length"] == "100"
    assert rules_of("zappa_settings.json")["indent_size"] == "2"
    assert rules_of("Makefile")["indent_style"] == "tab"


@pytest.mark.slow
def test_files_when_an_editor_keeps_its_rules_then_it_changes_none_of_them():
    wrong = []
    files = tracked()
    assert len(files) > 500
    for name in files:
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue  # No text: a picture.
        rules = rules_of(name)
        indents_wrong = rules["indent_style"] == "space" and re.search(
            rb"^\t", content, re.MULTILINE
        )
        ends_wrong = content and not content.endswith(b"\n")
        if b"\r\n" in content or indents_wrong or ends_wrong:
            wrong.append(name)
    assert wrong == []


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("page", PAGES)
def test_page_when_it_points_somewhere_then_something_is_there(page):
    pointed = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text_of(page))
    folder = (ROOT / page).parent
    assert [each for each in pointed if not (folder / each).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_when_it_names_a_command_or_a_file_then_it_is_there(page):
    text, makefile = text_of(page), text_of("Makefile")
    commands = re.findall(r"`make ([a-z0-9-]+)", text)
    assert [each for each in commands if f"\n{each}:" not in makefile] == []
    named = re.findall(r"`((?:artifacts|registry_site|deployment|tests|\.github)/[^` ]*)`", text)
    assert [each for each in named if "<" not in each and not (ROOT / each).exists()] == []


def test_license_while_none_is_chosen_then_no_file_and_no_claim():
    # Once the customer has chosen: the file, `license` in pyproject.toml, and this test goes.
    assert list(ROOT.glob("LICEN[CS]E*")) == []
    assert not re.search(r"^license", text_of("pyproject.toml"), re.MULTILINE)
    assert "## License\n\nThere is none yet" in text_of("docs/CONTRIBUTING.md")
