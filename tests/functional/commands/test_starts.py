"""What each kind of process says when it cannot start: one line, and no traceback."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import LAMBDA_START
from tests.unit.settings.test_production import COMPLETE

COMMANDS = {
    "check": ["manage.py", "check"],
    "serve": ["manage.py", "serve"],
    "worker": ["manage.py", "run_worker", "--once"],
    "administrator": ["manage.py", "ensure_administrator"],
}
PROGRAMS = {"wsgi": ["-c", "import registry_site.wsgi"], "lambda": ["-c", LAMBDA_START]}


def run(words, folder, **variables):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.development",
        "REGISTRY_DATA_DIR": str(folder / "data"),
        "PORT": "0",
        **variables,
    }
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def only_line(ended) -> str:
    """What was said, if that was one line and the status is 1."""
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert ended.stdout == ""
    return line


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_command_when_a_variable_is_wrong_then_one_line_names_it(tmp_path, words):
    assert "PORT is 'abc'" in only_line(run(words, tmp_path, PORT="abc"))


@pytest.mark.parametrize("words", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:pa#ss@127.0.0.1:5432/db"),
        ("DJANGO_SETTINGS_MODULE", "registry_site.settings.none"),
        # A combination: right one by one.
        ("AWS_LAMBDA_FUNCTION_NAME", "registry-production"),
    ],
)
def test_application_when_it_cannot_start_then_its_last_words_name_why(
    tmp_path, words, name, value
):
    production = {"DJANGO_SETTINGS_MODULE": "registry_site.settings.production"}
    changes = COMPLETE | {"REGISTRY_TASKS": "worker"} | {name: value}
    ended = run(words, tmp_path, **{**production, **changes})
    assert ended.returncode == 1
    named = "REGISTRY_TASKS" if name == "AWS_LAMBDA_FUNCTION_NAME" else name
    assert named in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "name",
    [
        "registry_site.settings.none", "none.at.all", ".", "registry_site settings",
        # Modules, but of something else, or parts of settings.
        "os", "registry_site", "registry_site.settings", "registry_site.settings.base",
    ],
)  # fmt: skip
def test_command_when_there_are_no_such_settings_then_one_line_names_them(tmp_path, name):
    line = only_line(run(COMMANDS["check"], tmp_path, DJANGO_SETTINGS_MODULE=name))
    assert line.startswith("DJANGO_SETTINGS_MODULE is ")


@pytest.mark.parametrize("kind", ["serve", "worker"])
def test_command_when_the_database_does_not_answer_then_one_line_names_it(tmp_path, kind):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"postgres://u:hidden@127.0.0.1:{probe.getsockname()[1]}/db"
    line = only_line(run(COMMANDS[kind], tmp_path, DATABASE_URL=address))
    assert "DATABASE_URL" in line
    assert "hidden" not in line


def test_command_when_the_database_file_is_none_then_one_line_names_the_folder(tmp_path):
    (tmp_path / "data" / "registry.sqlite3").mkdir(parents=True)
    line = only_line(run(COMMANDS["serve"], tmp_path))
    assert "REGISTRY_DATA_DIR" in line


def test_serve_when_the_port_is_taken_then_one_line_says_what_to_do(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = only_line(run(COMMANDS["serve"], tmp_path, PORT=str(port)))
    assert f"127.0.0.1:{port}" in line
    assert "PORT" in line


@pytest.mark.parametrize("words", [["--port", "99999"], ["--threads", "0"]])
def test_serve_when_an_option_is_impossible_then_one_line_names_it(tmp_path, words):
    assert words[0] in only_line(run([*COMMANDS["serve"], *words], tmp_path))


def test_key_when_a_start_was_killed_while_it_was_made_then_made_anew(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("")
    assert run(COMMANDS["check"], tmp_path).returncode == 0
    key = (tmp_path / "data" / "secret_key").read_text()
    assert len(key) > 50
    assert run(COMMANDS["check"], tmp_path).returncode == 0
    assert (tmp_path / "data" / "secret_key").read_text() == key
