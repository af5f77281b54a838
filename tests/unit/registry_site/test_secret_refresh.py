"""Secrets read again by a process that goes on, as after a thaw; in a process of its own."""

import json

import boto3
import pytest
from moto.server import ThreadedMotoServer

from registry_site.secret_refresh import forget_secrets, refresh_secrets
from tests.unit.settings.test_production import COMPLETE, run

pytestmark = pytest.mark.slow

REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
THAW = """
import boto3, django, functools, gc, json, logging
django.setup()
from artifacts.services.access.passwords import hash_initial_password
from django.conf import settings
from django.db import connections
from registry_site.logs import known_secrets
from registry_site.secret_refresh import forget_secrets, refresh_secrets
from registry_site.settings import base, given, production

def state():
    database = connections["default"].get_connection_params()
    return [settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.HF_TOKEN,
            database.get("user"), database.get("password"), database["options"]]

before = state()
refresh_secrets()
unchanged = state()
client = boto3.client("secretsmanager", region_name="us-east-1")
client.put_secret_value(SecretId="registry", SecretString=json.dumps({new}))
refresh_secrets()
after, known = state(), list(known_secrets())
hash_initial_password()
forget_secrets()
caches = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
cached = [word for cache in caches for word in gc.get_referents(cache) if isinstance(word, str)]
held = "".join(map(repr, (cached, vars(base), vars(production), vars(settings._wrapped),
                          vars(given), connections.settings, connections["default"].settings_dict)))
# AWS's own credentials are Lambda's to keep.
left = [word for word in known if word and word != "nobody" and word in held]
refresh_secrets()
print(json.dumps([before, unchanged, after, known, left, state()]))
"""


@pytest.fixture
def server(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    moto = ThreadedMotoServer("127.0.0.1", 0)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


def kept(number: int) -> dict[str, str]:
    return {
        "key": f"{number} {COMPLETE['SECRET_KEY']}",
        "former": f"former-{number}",
        "token": f"hf-{number}",
        "administrator": f"the-administrators-{number}",
        "login": json.dumps({"username": f"registry_{number}", "password": f"password-{number}"}),
    }


def test_secrets_when_read_again_then_the_new_ones_are_in_force_and_in_no_log(server):
    client = boto3.client("secretsmanager", region_name=REGION, endpoint_url=server)
    arn = client.create_secret(Name="registry", SecretString=json.dumps(kept(1)))["ARN"]
    ended = run(
        COMPLETE
        | KEYS
        | {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": server,
            "SECRET_KEY": "",
            "REGISTRY_ADMIN_PASSWORD": "",
            "SECRET_KEY_SECRET_ARN": f"{arn}#key",
            "SECRET_KEY_FALLBACKS_SECRET_ARN": f"{arn}#former",
            "HF_TOKEN_SECRET_ARN": f"{arn}#token",
            "REGISTRY_ADMIN_PASSWORD_SECRET_ARN": f"{arn}#administrator",
            "DATABASE_URL": "postgres://database.example/registry",
            "DATABASE_CREDENTIALS_SECRET_ARN": f"{arn}#login",
            # The client writes what it received into its own lines.
            "LOG_LEVEL": "debug",
        },
        "-c",
        THAW.replace("{new}", repr(kept(2))),
    )
    assert ended.returncode == 0, ended.stderr
    before, unchanged, after, known, left, thawed = json.loads(ended.stdout)
    assert before[:5] == [kept(1)["key"], ["former-1"], "hf-1", "registry_1", "password-1"]
    assert unchanged == before
    assert after[:5] == [kept(2)["key"], ["former-2"], "hf-2", "registry_2", "password-2"]
    assert after[5] == before[5]
    assert (left, thawed) == ([], after)
    # The whole of a login as well, which is no setting.
    assert {kept(2)["key"], "former-2", "hf-2", "password-2", kept(2)["login"]} <= set(known)
    assert "botocore" in ended.stderr
    for number in (1, 2):
        for value in ("former-", "hf-", "password-"):
            assert f"{value}{number}" not in ended.stderr


def test_secrets_when_none_is_kept_elsewhere_then_nothing_happens(settings):
    key = settings.SECRET_KEY
    forget_secrets()
    refresh_secrets()
    assert key == settings.SECRET_KEY
