"""Every link leads somewhere the person may go, whoever it is."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client

from artifacts.models import Artifact, Revision, Task
from artifacts.routes.operations import OPEN
from artifacts.web.links import FamilyLinks
from artifacts.work.jobs import Job
from artifacts.work.queue import create_task
from tests.clients import user_with
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import make_evidence, make_model
from tests.factories.ratings import make_rating
from tests.functional.web.artifact_pages import keep, show
from tests.functional.web.crawler import BROWSER, crawl
from tests.functional.web.structure import read
from tests.processes import free_port
from tests.routes import PAGES, path_of

pytestmark = pytest.mark.django_db
PEOPLE = (
    (), ("search",), ("upload",), ("download",), ("search", "upload"), ("search", "download"),
)  # fmt: skip


def list_refused(who: str, client: Client) -> list[str]:
    found = crawl(client)
    assert len(found) > 3, "nothing was followed"
    return [
        f"{who}: {status} {address} from {page}"
        for address, (status, page) in found.items()
        # A zip that is being packed is there in a minute.
        if status >= 400 and not (status == 503 and "/download/" in address)
    ]


@pytest.mark.django_db(transaction=True)
def test_links_when_anybody_follows_them_then_none_is_refused(settings, administrator):
    settings.IS_FOR_TRYING_OUT = True
    settings.PORT = free_port()
    call_command("fill_demo", verbosity=0)
    refused = list_refused("stranger", Client())
    for user in (administrator, *(user_with(*each) for each in PEOPLE)):
        client = Client()
        client.force_login(user)
        refused += list_refused(user.username, client)
    settings.REGISTRY_PUBLIC_PAGES = "on"
    refused += list_refused("stranger on public pages", Client())
    assert refused == []


def test_artifact_when_one_may_not_download_then_no_link_and_whom_to_ask(client):
    artifact = keep(make_artifact())
    client.force_login(user_with("search"))
    for tab in ("", "?tab=files"):
        shown = show(client, artifact, tab)
        assert "/download/" not in shown
        assert "/files/" not in shown
        assert "you need the permission" in shown


def test_artifact_when_alike_are_asked_for_then_each_list_has_it(client):
    artifact = make_artifact()
    make_rating(artifact, make_evidence(make_model()))
    Revision.objects.filter(artifact=artifact).update(card={"library_name": "Tool"}, license="mit")
    client.force_login(user_with("search"))
    lists = [each for each in read(show(client, artifact)).anchors if "/catalogue?" in each]
    assert len(lists) >= 3
    for address in lists:
        assert f'href="/a/{artifact.id}"' in client.get(address).content.decode(), address


def test_registration_when_its_sender_may_not_search_then_no_page_that_refuses_them(
    client, monkeypatch
):
    artifact = make_artifact()
    monkeypatch.setattr(
        "artifacts.web.register.views.register_artifact",
        lambda **_asked: SimpleNamespace(artifact=artifact),
    )
    client.force_login(user_with("upload"))
    url = "https://huggingface.co/acme/robot"
    answer = client.post("/register", {"url": url, "type": "", "do": "register"}, follow=True)
    assert answer.status_code == 200
    assert artifact.id in answer.content.decode()


def test_form_when_its_sender_may_not_search_then_what_is_here_is_named_without_a_link(client):
    there = make_artifact()
    Artifact.objects.filter(pk=there.pk).update(source_key="huggingface_model:acme/robot")
    client.force_login(user_with("upload"))
    url = "https://huggingface.co/acme/robot"
    answer = client.post("/register", {"url": url, "type": "", "do": "register"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"<code>{there.id}</code>" in text
    assert f'/{there.id}"' not in text


@pytest.mark.parametrize(("permissions", "address"), [
    (("upload",), 'data-artifact-url=""'),
    (("search", "upload"), 'data-artifact-url="/register/ID"'),
])  # fmt: skip
def test_upload_when_its_sender_may_not_search_then_its_outcome_is_no_link(
    client, permissions, address
):
    client.force_login(user_with(*permissions))
    assert address in client.get("/upload").content.decode()


@pytest.mark.parametrize("page", ["/a/{}", "/a/{}?format=json", "/register/{}"])
@pytest.mark.parametrize(
    ("permissions", "is_told"), [(("search",), False), (("search", "upload"), True), (None, False)]
)
def test_waiting_when_its_source_says_why_then_only_who_may_register_reads_it(
    client, settings, page, permissions, is_told
):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    artifact = make_artifact(visible=False)
    task = create_task(Job.INGEST_ARTIFACT, artifact_id=artifact.id, arguments={})
    Task.objects.filter(pk=task.pk).update(error="The vault is closed.", attempts=1)
    if permissions is not None:
        client.force_login(user_with(*permissions))
    answer = client.get(page.format(artifact.id))
    assert answer.status_code == 200
    assert ("The vault is closed." in answer.content.decode()) == is_told


@pytest.mark.parametrize(
    ("permissions", "is_led"), [(("search",), False), (("search", "upload"), True)]
)
def test_progress_when_given_up_then_only_who_may_register_is_led_to_it(
    client, permissions, is_led
):
    task = create_task(
        Job.INGEST_ARTIFACT, artifact_id="model-1-7", arguments={"url": "https://x.org/a"}
    )
    Task.objects.filter(pk=task.pk).update(state="failed")
    client.force_login(user_with(*permissions))
    text = client.get("/register/model-1-7").content.decode()
    assert "Given up" in text
    assert ("/register?url=https%3A%2F%2Fx.org%2Fa&amp;type=model" in text) == is_led


def test_family_when_one_may_not_search_then_a_name_has_no_address():
    assert FamilyLinks(user_with("upload")).artifact("model-1-7") == ""
    assert FamilyLinks(user_with("search")).artifact("model-1-7") == "/a/model-1-7?tab=lineage"


def test_license_check_when_the_model_is_not_here_then_leads_to_registering_it(client):
    client.force_login(user_with("search", "upload"))
    model = "https://huggingface.co/acme/robot"
    answer = client.post("/license-check", {"model": model, "project": "https://github.com/a/b"})
    assert answer.status_code == 404
    assert 'href="/register?url=https%3A%2F%2Fhuggingface.co%2Facme%2Frobot"' in (
        answer.content.decode()
    )


@pytest.mark.parametrize(("permissions", "is_led"), [(("search",), True), (("upload",), False)])
def test_error_when_nothing_is_there_then_leads_to_the_catalogue_who_may_search(
    client, permissions, is_led
):
    client.force_login(user_with(*permissions))
    missing = client.get("/a/model-9-9", headers={"Accept": BROWSER}).content.decode()
    assert ("Look for it in the catalogue" in missing) == is_led


def test_error_when_the_registry_fails_then_administrators_are_led_to_the_dashboard(
    client, administrator, monkeypatch
):
    def crash(*_given, **_more):
        raise ValueError("broken")

    client.raise_request_exception = False
    client.force_login(administrator)
    monkeypatch.setattr("artifacts.web.artifact.views.get_header", crash)
    shown = client.get(f"/a/{make_artifact().id}").content.decode()
    assert 'href="/health/dashboard">How its' in shown


FORMS = [name for name, methods in PAGES.items() if methods.get("POST") not in (None, OPEN)]


@pytest.mark.parametrize("name", FORMS)
def test_form_when_its_session_has_ended_then_the_way_back_is_a_page(client, administrator, name):
    led = client.post(path_of(name))
    assert (led.status_code, led["Location"].partition("?")[0]) == (302, "/sign-in")
    client.force_login(administrator)
    back = client.get(led["Location"])
    assert client.get(back["Location"], follow=True).status_code == 200
