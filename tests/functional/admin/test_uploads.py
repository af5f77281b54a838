"""The page that sends a zip. What its script does is driven by hand in a browser; see 0018."""

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from artifacts.enums import ArtifactType
from artifacts.models import AccessToken, Upload
from artifacts.rules.archives.zips import METHOD_NAMES
from artifacts.services.content import uploads
from artifacts.storage.base import UploadTarget
from tests.clients import ApiClient
from tests.functional.admin.pages import page
from tests.functional.web.structure import faults, read

pytestmark = pytest.mark.django_db
STATIC = django_settings.BASE_DIR / "artifacts" / "static"


def test_upload_page_when_opened_then_says_where_things_are(staff):
    shown = page(staff, "artifacts_upload_add")
    assert faults(shown) == []
    for text in ('data-uploads-url="/uploads"', 'data-token-url="/admin/artifacts/upload/token/"'):
        assert text in shown
    for kind in ArtifactType:
        assert f'data-url="/artifact/{kind}"' in shown
    assert "<noscript>" in shown


def test_upload_page_when_the_form_is_sent_by_a_browser_then_no_byte_of_the_file_is(staff):
    shown = page(staff, "artifacts_upload_add")
    chosen = [each for each in read(shown).inputs if each.get("type") == "file"]
    assert [each["id"] for each in chosen] == ["upload-file", "upload-folder"]
    assert not any("name" in each for each in chosen)
    assert re.search(r'<input type="submit" id="upload-start"[^>]* disabled>', shown)


def test_upload_page_when_its_scripts_are_read_then_every_element_they_name_is_there(staff):
    shown = page(staff, "artifacts_upload_add")
    scripts = [each for each in read(shown).resources if re.search(r"registry/upload.*\.js$", each)]
    assert [each.rpartition("/")[2] for each in scripts] == [
        "upload_requests.js", "upload_directory.js", "upload_folder.js", "upload.js",
    ]  # fmt: skip
    code = (STATIC / "registry" / "upload.js").read_text(encoding="utf-8")
    named = set(re.findall(r'element\("([a-z]+)"\)', code))
    assert len(named) > 8
    assert {f"upload-{each}" for each in named} <= set(read(shown).ids)


def test_upload_page_when_it_knows_a_method_then_by_the_name_that_the_registry_says():
    code = (STATIC / "registry" / "upload_directory.js").read_text(encoding="utf-8")
    named = dict(re.findall(r'\b(\d+): "(\w+)"', code))
    assert named == {number: METHOD_NAMES[int(number)] for number in named}
    assert {"9", "12", "14", "93"} <= set(named)


def test_uploads_when_listed_then_link_to_the_page(staff):
    assert reverse("admin:artifacts_upload_add") in page(staff, "artifacts_upload_changelist")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        pytest.param("/uploads/content/x", "'self'", id="files"),
        pytest.param(
            "https://bucket.s3.eu-central-1.amazonaws.com/k?X-Amz-Expires=1",
            "'self' https://bucket.s3.eu-central-1.amazonaws.com",
            id="bucket",
        ),
        pytest.param(
            "http://127.0.0.1:9000/b/k?x", "'self' http://127.0.0.1:9000", id="server of one's own"
        ),
    ],
)
def test_upload_page_when_opened_then_may_reach_the_bucket_and_nothing_else(
    staff, monkeypatch, address, allowed
):
    class Store:
        def upload_target(self, _key, **_options):
            return UploadTarget(address, "PUT")

    monkeypatch.setattr(uploads, "get_store", Store)
    policy = staff.get(reverse("admin:artifacts_upload_add"))["Content-Security-Policy"]
    assert f"connect-src {allowed};" in policy
    other = staff.get(reverse("admin:artifacts_upload_changelist"))["Content-Security-Policy"]
    assert "connect-src 'self';" in other


def test_token_when_the_page_asks_then_of_the_user_who_is_signed_in(administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    shown = client.get(reverse("admin:artifacts_upload_add")).content.decode()
    csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    answer = client.post(reverse("admin:artifacts_upload_token"), headers={"X-CSRFToken": csrf[1]})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    api = ApiClient()
    api.token = answer.json()["token"]
    body = {"filename": "robot.zip", "size_bytes": 5, "in_parts": True}
    assert api.post("/uploads", body).status_code == 201
    assert Upload.objects.get().user == administrator


def test_token_when_another_site_asks_then_refused(administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(reverse("admin:artifacts_upload_token")).status_code == 403
    assert client.get(reverse("admin:artifacts_upload_token")).status_code == 405
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("name", ["artifacts_upload_token", "artifacts_upload_add"])
def test_page_when_not_an_administrator_then_asks_to_sign_in(uploader, name):
    client = Client()
    client.force_login(uploader)
    for answer in (client.post(reverse(f"admin:{name}")), client.get(reverse(f"admin:{name}"))):
        assert answer.status_code in (302, 405)
    assert not AccessToken.objects.exists()
