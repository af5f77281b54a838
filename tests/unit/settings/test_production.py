"""What production demands, in processes of their own: settings are read once in each."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from registry_site.settings.variables import (
    ACCEPTED,
    DEMANDED,
    DEMANDED_WITH_S3,
    SECRET_ARNS,
    VARIABLES,
)

pytestmark = pytest.mark.slow

COMPLETE = {
    "SECRET_KEY": "a key of fifty characters that nobody has ever used 0123",
    "DATABASE_URL": "postgres://user@database.example/registry",
    "DJANGO_ALLOWED_HOSTS": "registry.example, .execute-api.eu-central-1.amazonaws.com",
    "AWS_STORAGE_BUCKET_NAME": "registry-example",
    "REGISTRY_STORAGE": "s3",
    "REGISTRY_TASKS": "lambda",
    "REGISTRY_ADMIN_PASSWORD": "not the published one",
}


def run(variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with production's settings and no other environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.production",
        **variables,
    }
    command = [sys.executable, "-W", "error", *words]
    return subprocess.run(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def shown(expression: str, **changes: str) -> str:
    """What an expression is with production's settings."""
    code = f"import django; django.setup(); from django.conf import settings; print({expression})"
    ended = run(COMPLETE | changes, "-c", code)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def complaint(**changes: str) -> str:
    """The last line of a start that stops."""
    ended = run(COMPLETE | changes, "-c", "import django; django.setup()")
    assert ended.returncode != 0
    return ended.stderr.splitlines()[-1]


def test_start_when_nothing_is_set_then_names_all_that_it_demands():
    line = complaint(**dict.fromkeys(COMPLETE, ""))
    assert all(name in line for name in DEMANDED)
    assert not any(name in line for name in DEMANDED_WITH_S3)


@pytest.mark.parametrize("name", [*DEMANDED, *DEMANDED_WITH_S3])
def test_start_when_one_variable_is_missing_then_names_only_that(name):
    line = complaint(**{name: " "})
    assert re.findall("|".join([*DEMANDED, *DEMANDED_WITH_S3]), line) == [name]


def test_start_when_the_database_is_a_file_then_says_what_to_name_instead():
    line = complaint(DATABASE_URL="sqlite:///registry.sqlite3")
    assert "SQLite" in line
    assert "postgres://" in line


def test_check_deploy_when_all_is_set_then_only_misses_the_bucket():
    # Nobody listens there: the bucket cannot be tried, which is the one thing to be said.
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    keys = {"AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-key-for-nothing"}
    ended = run(COMPLETE | nowhere | keys, "manage.py", "check", "--deploy")
    assert ended.returncode == 0, ended.stderr
    assert re.findall(r"\(([a-z_]+\.[A-Z]\d+)\)", ended.stderr) == ["registry.W010"]
    assert "identified 1 issue " in ended.stderr


def test_check_deploy_when_the_password_is_the_published_one_then_refuses():
    ended = run(
        COMPLETE | {"REGISTRY_ADMIN_PASSWORD": ""}, "manage.py", "check", "--deploy"
    )  # fmt: skip
    assert ended.returncode != 0
    assert "registry.E005" in ended.stderr


def test_trusted_origins_when_there_is_a_public_address_then_it_is_one():
    assert (
        shown(
            "*settings.CSRF_TRUSTED_ORIGINS",
            DJANGO_CSRF_TRUSTED_ORIGINS="https://a.example",
            REGISTRY_BASE_URL="https://b.example/stage",
        )
        == "https://a.example https://b.example"
    )


def test_secret_key_when_rotated_then_what_the_earlier_one_signed_stays_valid():
    assert shown("settings.SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="old older") == str(
        ["old", "older"]
    )


def test_variables_when_the_settings_read_one_then_a_deployment_can_hand_it_over():
    read = {
        name
        for path in (settings.BASE_DIR / "registry_site" / "settings").glob("*.py")
        if path.stem in ("base", "production", "databases")
        for name in re.findall(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"", path.read_text(encoding="utf-8"))
    }
    # Set by the stage, its deployment or Lambda itself, or for installations that are no function.
    elsewhere = {
        "AWS_ACCESS_KEY_ID",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "PORT",
        "REGISTRY_DATA_DIR",
        "REGISTRY_DEMONSTRATION_PYTHON",
        "REGISTRY_MONITOR_FUNCTION",
        "REGISTRY_NODE",
        "REGISTRY_STORAGE",
        "REGISTRY_TASKS",
    }
    assert len(read) > 20
    arns = set(SECRET_ARNS.values())
    assert (read - elsewhere) | arns == {*DEMANDED, *DEMANDED_WITH_S3, *ACCEPTED}
    assert elsewhere | read | arns | {"DJANGO_SETTINGS_MODULE"} == set(VARIABLES)


@pytest.mark.parametrize(
    ("changes", "tasks_max"),
    [
        ({}, 5),
        ({"REGISTRY_CONCURRENCY": "20"}, 10),
        ({"REGISTRY_CONCURRENCY": "1"}, 1),
        ({"REGISTRY_CONCURRENCY": "20", "REGISTRY_TASKS_MAX": "3"}, 3),
        ({"REGISTRY_CONCURRENCY": "20", "REGISTRY_TASKS": "worker"}, 0),
    ],
)
def test_tasks_when_nobody_says_how_many_at_once_then_half_of_the_instances(changes, tasks_max):
    assert shown("settings.REGISTRY_TASKS_MAX", **changes) == str(tasks_max)
