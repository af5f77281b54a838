"""The page that sends a zip or a folder; what its scripts do is driven by hand in a browser."""

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client

from artifacts.enums import ArtifactType
from artifacts.models import AccessToken, Upload
from artifacts.services.content import uploads
from artifacts.storage.base import UploadTarget
from tests.clients import ApiClient, user_with
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
STATIC = django_settings.BASE_DIR / "artifacts" / "static"


@pytest.fixture
def person(uploader) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(uploader)
    return client


def csrf_of(person: Client) -> str:
    shown = person.get("/upload").content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)[1]


def test_page_when_opened_then_says_where_things_are(person):
    shown = person.get("/upload").content.decode()
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    for name, address in (
        ("uploads", "/uploads"), ("token", "/upload/token"), ("check", "/upload/check"),
        ("artifact", "/register/ID"),
    ):  # fmt: skip
        assert f'data-{name}-url="{address}"' in shown
    for kind in ArtifactType:
        assert f'data-url="/artifact/{kind}"' in shown
    assert '<a href="/register" aria-current="true">Register</a>' in shown


def test_page_when_it_has_no_scripts_then_tells_how_to_use_curl(person):
    shown = person.get("/upload").content.decode()
    without = shown.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "R=http://testserver\n" in without
    assert "$R/uploads -o upload.json" in without
    # Nothing of a file is in the form, so it cannot be sent to where no body may be so long.
    files = [each for each in read(shown).inputs if each.get("type") == "file"]
    assert [each.get("name") for each in files] == [None, None]
    assert re.search(r'<input type="submit" id="upload-start"[^>]* disabled>', shown)


def test_page_when_its_scripts_are_read_then_every_element_they_name_is_there(person):
    shown = person.get("/upload").content.decode()
    code = (STATIC / "registry" / "upload.js").read_text(encoding="utf-8")
    named = set(re.findall(r'element\("([a-z]+)"\)', code))
    assert len(named) > 10
    assert {f"upload-{each}" for each in named} <= set(read(shown).ids)


def test_page_when_opened_then_may_reach_the_bucket_and_nothing_else(person, monkeypatch):
    class Store:
        def upload_target(self, _key, **_options):
            return UploadTarget("https://bucket.s3.amazonaws.com/k?X-Amz-Expires=1", "PUT")

    monkeypatch.setattr(uploads, "get_store", Store)
    policy = person.get("/upload")["Content-Security-Policy"]
    assert "connect-src 'self' https://bucket.s3.amazonaws.com;" in policy
    assert "connect-src 'self';" in person.get("/register")["Content-Security-Policy"]


def test_token_when_the_page_asks_then_of_the_user_who_is_signed_in(person, uploader):
    answer = person.post("/upload/token", headers={"X-CSRFToken": csrf_of(person)})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    api = ApiClient()
    api.token = answer.json()["token"]
    body = {"filename": "robot.zip", "size_bytes": 5, "in_parts": True}
    assert api.post("/uploads", body).status_code == 201
    assert Upload.objects.get().user == uploader


def test_token_when_another_site_asks_then_refused(person):
    assert person.post("/upload/token").status_code == 403
    assert person.get("/upload/token").status_code == 405
    assert not AccessToken.objects.exists()


def test_token_when_the_user_may_not_upload_then_refused():
    client = Client()
    client.force_login(user_with("search", "download"))
    assert client.post("/upload/token").status_code == 403
    assert not AccessToken.objects.exists()


def check(person: Client, paths: str, kind: str = "model"):
    given = {"paths": paths, "type": kind, "csrfmiddlewaretoken": csrf_of(person)}
    answer = person.post("/upload/check", given)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_check_when_all_is_there_then_each_is_named(person):
    shown = check(person, "a/README.md\na/LICENSE\na/config.json\na/model.safetensors\na/x.bin")
    for found in (
        "README found: <bdi>a/README.md", "License found: <bdi>a/LICENSE",
        "Configuration found: <bdi>a/config.json",
        "Weights found: 2 files, such as <bdi>a/model.safetensors",
    ):  # fmt: skip
        assert found in shown
    assert "✕" not in shown
    assert "?" not in shown


def test_check_when_everything_lacks_then_says_what_to_do(person):
    shown = check(person, "train.py")
    for lack in (
        "README missing",
        "no file of its own",
        "Configuration missing",
        "Weights missing",
    ):
        assert lack in shown


def test_check_when_it_is_no_model_then_neither_weights_nor_configuration(person):
    shown = check(person, "train.py", "code")
    assert "Weights" not in shown
    assert "Configuration" not in shown


def test_check_when_names_are_hostile_then_escaped_and_refused(person):
    shown = check(person, "README.md\n../<script>alert(1)</script>\u202egpj.bin")
    assert "It would be refused." in shown
    assert "<script>" not in shown


def test_check_when_nothing_is_named_then_answered(person):
    assert "README missing" in check(person, "")
