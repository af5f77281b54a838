"""The registry answers to its own names only (DNS rebinding)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PATHS = ["/", "/health", "/tracks", "/artifact/byName/x", "/admin/login/", "/none",
         "/static/registry/site.css", "/content/x"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["rebind.evil.example", "127.0.0.1.evil.example", "", "a b", "::1"]
)
def test_request_when_it_names_another_host_then_refused(client, path, host):
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert b"DJANGO_ALLOWED_HOSTS" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:9", "LOCALHOST"])
def test_request_when_it_names_this_machine_then_answered(client, host):
    assert client.get("/tracks", headers={"host": host}).status_code == 200


@pytest.mark.django_db
def test_sign_in_when_it_names_another_host_then_no_token(client):
    answer = client.put("/authenticate", "{}", "text/plain", headers={"host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["127.0.0.1", "localhost", "[::1]"]),
        ({"DJANGO_ALLOWED_HOSTS": "my.laptop"}, ["127.0.0.1", "localhost", "[::1]", "my.laptop"]),
        (
            {"REGISTRY_BASE_URL": "http://[fe80::1]:80/x"},
            ["127.0.0.1", "localhost", "[::1]", "[fe80::1]"],
        ),
    ],
    ids=["none", "named", "public-address"],
)
def test_laptop_when_started_then_these_are_its_names(tmp_path, variables, expected):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.development",
        "REGISTRY_DATA_DIR": str(tmp_path),
        **variables,
    }
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout.strip() == str(expected)
