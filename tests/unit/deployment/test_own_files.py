"""The files of deployment/own against each other and against the tree.

`make production-smoke` runs them; here stands what it does not see: what names what.
"""

import json
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

from deployment.own import prepare
from registry_site.settings.variables import VARIABLES
from tests.production import files

ROOT = files.ROOT
UNITS = sorted(path.name for path in files.OWN.glob("registry-*.*") if path.suffix != ".example")
SERVICES = [name for name in UNITS if name.endswith(".service")]
COMMANDS = {path.stem for path in (ROOT / "artifacts/management/commands").glob("[a-z]*.py")} | {
    "check", "collectstatic", "migrate",
}  # fmt: skip
COMPOSE = yaml.safe_load((files.OWN / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (files.OWN / "Dockerfile").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs/own-servers.md").read_text(encoding="utf-8")


def check_command(words: list[str]) -> None:
    """A command of ours runs what is there: a management command, or gunicorn with our file."""
    if "manage.py" in words:
        assert words[words.index("manage.py") + 1] in COMMANDS
        return
    assert words[0].rpartition("/")[2] == "gunicorn"
    assert words[-1] == "registry_site.wsgi"
    (config,) = [word for word in words if word.endswith("gunicorn_config.py")]
    assert (ROOT / config.removeprefix("--config=")).is_file()


def test_units_are_found():
    assert len(UNITS) == 4


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_it_executes_something_then_it_is_there(name):
    commands = files.Unit(name).commands(ROOT)
    assert commands
    for command in commands:
        check_command([command[0], *command[1:]])
        assert command[0].startswith(f"{ROOT}/.venv/bin/")


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_it_runs_then_as_nobody_special_with_productions_settings(name):
    unit = files.Unit(name)
    assert unit["Service"]["User"] == "registry"
    assert unit["Service"]["NoNewPrivileges"] == "yes"
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit.environment()["DJANGO_SETTINGS_MODULE"] == "registry_site.settings.production"
    assert unit["Service"]["WorkingDirectory"] == files.RELEASE


def test_web_when_it_stops_then_systemd_waits_longer_than_gunicorn():
    config = (files.OWN / "gunicorn_config.py").read_text(encoding="utf-8")
    (graceful,) = [line for line in config.splitlines() if line.startswith("graceful_timeout = ")]
    assert int(files.Unit("registry-web.service")["Service"]["TimeoutStopSec"]) > int(
        graceful.rpartition(" ")[2]
    )


def test_socket_when_nginx_asks_then_at_the_place_where_systemd_holds_it():
    assert files.Unit("registry-web.socket")["Socket"]["ListenStream"] == files.SOCKET
    assert files.Unit("registry-web.service")["Unit"]["Requires"] == "registry-web.socket"
    nginx = (files.OWN / "nginx.conf").read_text(encoding="utf-8")
    assert f"server unix:{files.SOCKET} " in nginx
    assert f"--bind=unix:{files.SOCKET}" in COMPOSE["services"]["web"]["command"]


def test_variables_when_the_example_has_them_then_the_registry_knows_them():
    found = files.variables()
    assert len(found) > 8
    assert set(found) <= set(VARIABLES)
    assert {name for name, each in VARIABLES.items() if each.demanded == "production"} <= set(found)


def test_copies_when_the_image_is_made_then_they_are_there_and_let_in():
    copied = files.copied()
    assert len(copied) > 4
    assert [name for name in copied if not (ROOT / name).exists()] == []
    ignored = (files.OWN / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied)
    assert ignored[1] == "*"


def test_image_when_it_starts_then_as_nobody_special_with_a_command_that_is_there():
    lines = DOCKERFILE.splitlines()
    assert "USER registry" in lines
    (command,) = [json.loads(line[4:]) for line in lines if line.startswith("CMD ")]
    check_command(command)
    assert ":latest" not in DOCKERFILE
    assert lines.index("USER registry") > max(
        number for number, line in enumerate(lines) if line.startswith("RUN ")
    )


def test_compose_when_services_run_then_with_images_and_commands_that_exist():
    services = COMPOSE["services"]
    assert set(services) == {"database", "migrate", "web", "worker", "nginx"}
    for name in ("migrate", "web", "worker"):
        assert services[name]["image"] == "model-registry"
        words = " ".join(services[name]["command"]).removeprefix("sh -c ")
        for command in words.split(" && "):
            check_command(command.split())
    for name in ("database", "nginx"):
        image, colon, version = services[name]["image"].partition(":")
        assert image in ("postgres", "nginx")
        assert colon
        assert version != "latest"
    build = services["migrate"]["build"]
    assert (files.OWN / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_compose_when_it_mounts_something_then_it_is_declared_or_a_file():
    found = [each for service in COMPOSE["services"].values() for each in service["volumes"]]
    named = {each.partition(":")[0] for each in found}
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    # What whoever starts it puts there, as the head of the file says.
    assert {name for name in named if name.startswith(".")} == {"./nginx.conf", "./certificates"}
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])


def test_document_when_files_are_there_then_it_names_each():
    names = {path.name for path in files.OWN.iterdir() if path.is_file()}
    missing = {name for name in names if name not in DOCUMENT}
    assert missing == {"__init__.py", "Dockerfile.dockerignore"}


def test_nginx_when_made_for_elsewhere_then_nothing_of_the_server_is_left(tmp_path):
    made = files.nginx_configuration(tmp_path, tmp_path / "web.sock", 8080, 8443)
    for each in (files.SOCKET, files.CERTIFICATES, files.LOGS, "[::]", "listen 80 ", "listen 443 "):
        assert each not in made
    assert "127.0.0.1:8443 ssl" in made


def test_release_when_prepared_then_it_tells_itself(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(
        subprocess, "run", lambda words, **given: commands.append((words, given["env"]))
    )
    prepare.prepare(tmp_path, "c0ffee")
    record = json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))
    assert record["commit"] == "c0ffee"
    assert record["migrations"]["artifacts"]
    ((words, environment),) = commands
    assert words[1:3] == ["manage.py", "collectstatic"]
    assert environment["REGISTRY_STATIC_ROOT"] == str(tmp_path / "staticfiles")


def test_lock_when_made_then_the_package_has_none_of_it():
    own, run = (
        (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8") for name in ("own", "run")
    )
    assert "gunicorn==" in own
    assert "gunicorn" not in run
    locked = {line.split()[0] for line in run.splitlines() if "==" in line[:60]}
    assert locked <= {line.split()[0] for line in own.splitlines() if "==" in line[:60]}


def test_socket_when_a_command_is_handed_one_then_it_is_the_third_and_meant_for_it(tmp_path):
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "door"))
        listener.listen()
        code = (
            "import os, socket; s = socket.socket(fileno=3);"
            "print(s.getsockname(), os.environ['LISTEN_PID'] == str(os.getpid()))"
        )
        program = settings.BASE_DIR / "tests/production/activate.py"
        command = [sys.executable, str(program), str(listener.fileno()), sys.executable, "-c", code]
        ended = subprocess.run(
            command, pass_fds=(listener.fileno(),), capture_output=True, text=True, check=True
        )
    assert ended.stdout.strip() == f"{tmp_path}/door True"
