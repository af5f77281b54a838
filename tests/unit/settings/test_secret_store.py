"""Secrets that are kept in AWS, read from moto's server as a start reads them."""

import json

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from moto import mock_aws
from moto.server import ThreadedMotoServer

from registry_site.settings import environment as env
from registry_site.settings import given, secret_store
from registry_site.settings.secret_store import SecretUnreadable, parse
from registry_site.settings.variables import SECRET_ARNS, VARIABLES
from tests.unit.settings.test_production import COMPLETE, complaint, shown

pytestmark = pytest.mark.slow

REGION = "eu-central-1"
HIDDEN = "a-value-that-nobody-may-see-5j2"
NOBODYS = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:none-AbCdEf"


@pytest.fixture
def aws(monkeypatch):
    """Secrets Manager and SSM in this process; the environment has nothing of ours."""
    for name in (*VARIABLES, "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setattr(given, "_fetched", {})
    with mock_aws():
        yield


def keep(text: str, *, name: str = "registry") -> str:
    """Keep a secret and return its ARN."""
    client = boto3.client("secretsmanager", region_name=REGION)
    return client.create_secret(Name=name, SecretString=text)["ARN"]


def keep_parameter(text: str, *, name: str = "/registry/key") -> str:
    client = boto3.client("ssm", region_name=REGION)
    client.put_parameter(Name=name, Value=text, Type="SecureString")
    return client.get_parameter(Name=name)["Parameter"]["ARN"]


def refusal() -> str:
    """The sentence of a start that stops."""
    with pytest.raises(ImproperlyConfigured) as caught:
        given.fetch_secrets()
    return str(caught.value)


@pytest.mark.parametrize("keeper", [keep, keep_parameter])
def test_secrets_when_kept_elsewhere_then_each_is_read_as_if_it_stood_here(
    aws, monkeypatch, keeper
):
    for name, arn_name in SECRET_ARNS.items():
        monkeypatch.setenv(arn_name, keeper(f"{HIDDEN}-{name}\n", name=name.lower()))
    assert given.fetch_secrets()
    assert {name: env.text(name) for name in SECRET_ARNS} == {
        name: f"{HIDDEN}-{name}" for name in SECRET_ARNS
    }
    env.demand(SECRET_ARNS)
    assert not given.fetch_secrets()


@pytest.mark.parametrize("keeper", [keep, keep_parameter])
def test_secret_when_several_are_keys_of_one_then_it_is_asked_for_once(aws, monkeypatch, keeper):
    arn = keeper(json.dumps({"key": "the key", "url": "postgres://u:p@h/d", "port": 5432}))
    asked = []
    ask = secret_store._Services.ask

    def note(services, reference):
        asked.append(reference.arn)
        return ask(services, reference)

    monkeypatch.setattr(secret_store._Services, "ask", note)
    monkeypatch.setenv("SECRET_KEY_SECRET_ARN", f"{arn}#key")
    monkeypatch.setenv("DATABASE_URL_SECRET_ARN", f"{arn}#url")
    given.fetch_secrets()
    assert (env.text("SECRET_KEY"), env.text("DATABASE_URL")) == ("the key", "postgres://u:p@h/d")
    assert asked == [arn]


def test_secret_when_given_twice_then_both_names_are_told(aws, monkeypatch):
    arn = keep(HIDDEN)
    for name in ("SECRET_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, "here")
        monkeypatch.setenv(SECRET_ARNS[name], arn)
    line = refusal()
    assert "SECRET_KEY and SECRET_KEY_SECRET_ARN" in line
    assert "HF_TOKEN and HF_TOKEN_SECRET_ARN" in line
    assert HIDDEN not in line


def test_secret_when_none_is_kept_elsewhere_then_nothing_is_asked(aws, monkeypatch):
    monkeypatch.setattr(secret_store, "read", None)
    assert given.fetch_secrets() is False


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (None, "", "there is none"),
        (HIDDEN, "key", "no JSON object"),
        (f'["{HIDDEN}"]', "key", "no JSON object"),
        (f'{{"other": "{HIDDEN}"}}', "key", "no text under 'key'"),
        (f'{{"key": ["{HIDDEN}"]}}', "key", "no text under 'key'"),
        ("[" * 100_000, "key", "no JSON object"),
    ],
    ids=["absent", "text", "list", "without-the-key", "no-text", "deep"],
)
def test_secret_when_it_cannot_be_read_then_variable_and_arn_are_named_and_no_value(
    aws, monkeypatch, text, key, reason
):
    arn = keep(text) if text else NOBODYS
    monkeypatch.setenv("SECRET_KEY_SECRET_ARN", f"{arn}#{key}" if key else arn)
    line = refusal()
    assert f"SECRET_KEY_SECRET_ARN names {arn}" in line
    assert reason in line
    assert HIDDEN not in line
    assert len(line.splitlines()) == 1


def test_secret_when_binary_then_refused(aws, monkeypatch):
    client = boto3.client("secretsmanager", region_name=REGION)
    arn = client.create_secret(Name="bytes", SecretBinary=HIDDEN.encode())["ARN"]
    monkeypatch.setenv("HF_TOKEN_SECRET_ARN", arn)
    assert "binary" in refusal()


def test_parameter_when_there_is_none_then_said_so(aws, monkeypatch):
    monkeypatch.setenv("HF_TOKEN_SECRET_ARN", f"arn:aws:ssm:{REGION}:123456789012:parameter/none")
    assert "there is none (ParameterNotFound)" in refusal()


@pytest.mark.parametrize(
    "text",
    [
        HIDDEN,
        f"arn:aws:secretsmanager:{REGION}:123456789012:secret:",
        f"arn:aws:secretsmanager:{REGION}:123456789012:parameter/x",
        f"arn:aws:secretsmanager:{REGION}:12:secret:x",
        "arn:aws:secretsmanager::123456789012:secret:x",
        f"arn:aws:ssm:{REGION}:123456789012:parameter",
        f"arn:aws:s3:{REGION}:123456789012:secret:x",
        f"arn:gcp:secretsmanager:{REGION}:123456789012:secret:x",
        f"arn:aws:secretsmanager:{REGION}:123456789012:secret:x#",
        f"arn:aws:secretsmanager:{REGION}:123456789012:secret:x y",
        f"urn:aws:secretsmanager:{REGION}:123456789012:secret:x",
    ],
)
def test_arn_when_it_is_none_of_a_secret_then_refused_and_not_shown(aws, monkeypatch, text):
    with pytest.raises(ValueError, match="must be the ARN"):
        parse(text)
    monkeypatch.setenv("SECRET_KEY_SECRET_ARN", text)
    line = refusal()
    assert "SECRET_KEY_SECRET_ARN must be the ARN" in line
    assert text not in line


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_arn_when_of_another_partition_then_taken(partition):
    arn = f"arn:{partition}:ssm:{REGION}:123456789012:parameter/registry/key"
    assert parse(f"{arn}#a:b") == (arn, "ssm", REGION, "a:b")


def test_secret_when_whoever_starts_may_not_read_it_then_the_right_is_named(aws, monkeypatch):
    from botocore.exceptions import ClientError

    error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": HIDDEN}}, "Get")
    reference = parse(NOBODYS)
    reason = secret_store._reason(reference, error)
    assert "secretsmanager:GetSecretValue" in reason
    assert HIDDEN not in reason


def test_read_when_nobody_answers_then_an_error_of_ours(aws, monkeypatch, set_limits):
    set_limits(SECRET_ATTEMPTS_MAX=1)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9")
    with pytest.raises(SecretUnreadable, match="private network"):
        secret_store.read({"X": NOBODYS})


@pytest.fixture
def server(monkeypatch):
    """moto's server, for processes of their own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    moto = ThreadedMotoServer("127.0.0.1", 0)
    moto.start()
    host, port = moto.get_host_and_port()
    url = f"http://{host}:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    yield {
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": url,
        "AWS_ENDPOINT_URL_SSM": url,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nobody",
    }
    moto.stop()


def test_start_when_all_secrets_are_kept_elsewhere_then_it_has_them_and_programs_do_not(server):
    login = json.dumps({"username": "registry_a", "password": "p#/?%"})
    kept = {
        "SECRET_KEY": keep(COMPLETE["SECRET_KEY"], name="key"),
        "REGISTRY_ADMIN_PASSWORD": keep_parameter(COMPLETE["REGISTRY_ADMIN_PASSWORD"]),
        "DATABASE_CREDENTIALS": keep(login, name="rds!db-1"),
    }
    changes = {SECRET_ARNS[name]: arn for name, arn in kept.items()} | dict.fromkeys(kept, "")
    changes["DATABASE_URL"] = "postgres://database.example/registry?sslmode=require"
    values = (
        "settings.SECRET_KEY", "settings.REGISTRY_ADMIN_PASSWORD",
        "settings.DATABASES['default']['USER']", "settings.DATABASES['default']['PASSWORD']",
        "__import__('os').environ.get('SECRET_KEY')",
    )  # fmt: skip
    found = shown(f"'|'.join([{', '.join(values)}])", **server, **changes)
    assert found == "|".join(
        [COMPLETE["SECRET_KEY"], COMPLETE["REGISTRY_ADMIN_PASSWORD"], "registry_a", "p#/?%", ""]
    )


def test_start_when_a_secret_is_not_there_then_its_last_line_names_variable_and_arn(server):
    line = complaint(**server, SECRET_KEY="", SECRET_KEY_SECRET_ARN=NOBODYS)
    assert f"SECRET_KEY_SECRET_ARN names {NOBODYS}" in line


def test_start_when_a_fetched_secret_has_the_wrong_form_then_its_source_is_named(server):
    arn = keep(HIDDEN)
    line = complaint(**server, DATABASE_URL="", DATABASE_URL_SECRET_ARN=arn)
    assert "DATABASE_URL (from DATABASE_URL_SECRET_ARN) must have the form" in line
    assert HIDDEN not in line
