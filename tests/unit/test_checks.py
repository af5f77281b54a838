from collections import Counter
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.core.checks import run_checks

from artifacts import access_checks, checks, limit_checks
from artifacts.exceptions import ObjectMissing, StorageUnavailable
from artifacts.storage.abilities import Gravity, Shortfall
from artifacts.storage.s3_errors import translate


def ids(*, deploy: bool = False) -> set[str]:
    found = run_checks(tags=["security"], include_deployment_checks=deploy)
    return {message.id for message in found if message.id.startswith("registry.")}


def test_checks_when_nothing_is_wrong_then_silent():
    assert ids(deploy=True) == set()


def test_ids_when_all_checks_are_read_then_each_stands_for_one_finding():
    source = "".join(
        Path(each.__file__).read_text() for each in (checks, access_checks, limit_checks)
    )
    found = Counter(words.split('"')[0] for words in source.split('id="')[1:])
    assert len(found) > 10
    assert [each for each, count in found.items() if count > 1] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"REGISTRY_STORAGE": "s3", "AWS_STORAGE_BUCKET_NAME": ""}, "registry.E001"),
        ({"REGISTRY_MONITOR_FUNCTION": "registry-programs"}, "registry.E014"),
        *[
            (
                {
                    "REGISTRY_MONITOR_FUNCTION": "registry-programs",
                    "REGISTRY_STORAGE": "s3",
                    "AWS_STORAGE_BUCKET_NAME": "b",
                    "REGISTRY_MONITOR_HOSTS": ("a:1", host),
                },
                "registry.E015",
            )
            for host in ("localhost:443", "127.0.0.1:8443")
        ],
        ({"REGISTRY_PRIVATE_HOSTS": ("127.0.0.1",)}, "registry.E002"),
        ({"REGISTRY_PRIVATE_HOSTS": ("http://127.0.0.1:80",)}, "registry.E002"),
        ({"REGISTRY_PRIVATE_HOSTS": ("127.0.0.1:70000",)}, "registry.E002"),
        ({"REGISTRY_PRIVATE_HOSTS": ("127.0.0.1:0",)}, "registry.E002"),
        ({"REGISTRY_BASE_URL": "registry.example"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "ftp://registry.example"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "https://"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "https://registry.example:port"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "https://user:secret@registry.example"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "https://registry.example?x=1"}, "registry.E003"),
        ({"REGISTRY_BASE_URL": "https://registry example"}, "registry.E003"),
        ({"REGISTRY_TASKS": "lambda"}, "registry.E004"),
        (
            {"REGISTRY_TASKS": "worker", "AWS_LAMBDA_FUNCTION_NAME": "registry-production"},
            "registry.E007",
        ),
        ({"IS_FOR_TRYING_OUT": False, "REGISTRY_TASKS": "worker"}, "registry.W001"),
        (
            {"IS_FOR_TRYING_OUT": False, "REGISTRY_ADMIN_PASSWORD": "configured-password"},
            "registry.E008",
        ),
    ],
)
def test_checks_when_a_setting_cannot_work_then_named_with_a_hint(settings, changes, expected):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert ids() == {expected}
    assert all(message.hint for message in run_checks(tags=["security"]))


@pytest.mark.parametrize(
    "address", ["", "http://localhost:8000", "https://registry.example", "https://[::1]:8443/stage"]
)
def test_base_url_when_a_plain_address_then_taken(settings, address):
    settings.REGISTRY_BASE_URL = address
    assert checks.check_base_url() == []


@pytest.mark.parametrize("entry", ["127.0.0.1:80", "[::1]:9000", "minio.internal:9000"])
def test_private_hosts_when_well_formed_then_taken(settings, entry):
    settings.REGISTRY_PRIVATE_HOSTS = (entry,)
    assert checks.check_private_hosts() == []


def test_published_password_when_deploying_then_an_error(settings):
    settings.IS_FOR_TRYING_OUT, settings.REGISTRY_TASKS = False, "worker"
    assert "registry.E005" in ids(deploy=True)
    settings.REGISTRY_ADMIN_PASSWORD = "configured-password"
    assert ids(deploy=True) == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [("", []), ("/bin/sh", []), ("/nowhere/python", ["registry.E006"]), ("/", ["registry.E006"])],
)
def test_demonstration_python_when_it_is_no_program_then_an_error(settings, path, expected):
    settings.REGISTRY_DEMONSTRATION_PYTHON = path
    assert [each.id for each in checks.check_demonstration_python()] == expected


def found_in_the_bucket(monkeypatch, *answers) -> list:
    def try_bucket():
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers

    monkeypatch.setattr("artifacts.storage.proof.try_bucket", try_bucket)
    return run_checks(tags=["storage"], include_deployment_checks=True)


def test_bucket_when_it_lacks_something_then_told_before_a_deployment(monkeypatch):
    overwrites = Shortfall("creates_once", Gravity.REPLACED, "It overwrites.", "Rows.", "8 of 8")
    whole_only = Shortfall("reads_ranges", Gravity.REFUSED, "It gives no parts.", "Nothing.", "200")
    found = found_in_the_bucket(monkeypatch, overwrites, whole_only)
    assert [(each.id, each.msg) for each in found] == [
        ("registry.W011", "It overwrites."),
        ("registry.E009", "It gives no parts."),
    ]
    assert found[0].hint == "Rows. Seen: 8 of 8"


def test_bucket_when_it_does_not_answer_then_a_warning(monkeypatch):
    (found,) = found_in_the_bucket(monkeypatch, StorageUnavailable("The bucket is away."))
    assert (found.id, found.msg) == ("registry.W010", "The bucket is away.")


@pytest.mark.parametrize("word", ["AccessDenied", "403", "NoSuchBucket", "InvalidAccessKeyId"])
def test_bucket_when_it_says_no_then_that_is_an_error(monkeypatch, settings, word):
    settings.REGISTRY_STORAGE, settings.AWS_STORAGE_BUCKET_NAME = "s3", "bucket"
    said = ClientError({"Error": {"Code": word}}, "PutObject")
    refused = translate(said, "key")
    refused.__cause__ = said
    (found,) = found_in_the_bucket(monkeypatch, refused)
    assert (found.id, found.msg) == ("registry.E013", refused.message)


def test_bucket_when_there_is_none_then_that_is_an_error(monkeypatch, settings):
    settings.REGISTRY_STORAGE, settings.AWS_STORAGE_BUCKET_NAME = "s3", "bucket"
    absent = StorageUnavailable("There is no bucket 'bucket'.")
    absent.__cause__ = ObjectMissing("bucket")
    (found,) = found_in_the_bucket(monkeypatch, absent)
    assert (found.id, found.msg) == ("registry.E013", absent.message)


def test_bucket_when_nothing_is_deployed_then_not_tried(monkeypatch):
    monkeypatch.setattr("artifacts.storage.proof.try_bucket", lambda: pytest.fail("it was tried"))
    assert run_checks(tags=["storage"]) == []
