"""Every door of the registry, asked for what is in quarantine; `doors.py` has the table of them."""

import time
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from artifacts.enums import (
    ArtifactType,
    DecisionState,
    ParentOrigin,
    Part,
    Relationship,
    SourceKind,
)
from artifacts.models import Artifact, File, LineageEdge, SearchDocument, User, VersionTag
from artifacts.routes import BY_NAME
from artifacts.rules.search.versions import version_key
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.downloads import get_download
from artifacts.services.records.decision_records import store_decisions
from artifacts.services.trust.decisions import decide
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.store import get_store
from tests.clients import ApiClient, HubClient, message_of
from tests.factories.repositories import (
    COMMIT,
    CONFIG,
    FILES,
    OLD_COMMIT,
    add_revision,
    make_repository,
)
from tests.functional.doors import DOORS, ELSEWHERE, NAME, Door

pytestmark = pytest.mark.django_db

SECRET = "It calls home when loaded."
PARTS = {"README.md": Part.CARD, "config.json": Part.CONFIG, "onnx/model.safetensors": Part.WEIGHTS}


class World:
    """A model and a data set of the same name, a child of the model, and who asks for them."""

    def __init__(self, reader: User) -> None:
        self.model = self._make("model", 1)
        self.dataset = self._make("dataset", 2)
        self.child = make_repository("acme/duckling", number=3)
        SearchDocument.objects.create(artifact=self.child, name="duckling", readme="")
        LineageEdge.objects.create(
            child=self.child, parent=self.model, parent_type=ArtifactType.MODEL,
            parent_key=self.model.source_key, parent_name=NAME, relationship=Relationship.FINETUNE,
            origin=ParentOrigin.MODEL_CARD,
        )  # fmt: skip
        self.clients: dict[str, Any] = {
            "api": ApiClient(reader),
            "hub": HubClient(reader),
            "page": Client(),
        }
        self.clients["page"].force_login(reader)
        self.dora = User.objects.create(username="dora", can_decide=True)
        for part in ("full", "weights", "card"):
            build_bundle(artifact_id=self.model.id, revision=2, part=part)

    def _make(self, kind: str, number: int) -> Artifact:
        artifact = make_repository(
            f"acme/{NAME}", kind=kind, number=number, commit=OLD_COMMIT, license="mit",
            source=SourceKind(f"huggingface_{kind}"),
        )  # fmt: skip
        changes: dict[str, Any] = {"commit": COMMIT, "license": "mit", "repository": f"acme/{NAME}"}
        changes |= {"tag_targets": {"v1.0": COMMIT}, "url": f"https://huggingface.co/acme/{NAME}"}
        changes["source_kind"] = artifact.current_revision.source_kind
        artifact.current_revision = add_revision(artifact, FILES, 2, **changes)
        artifact.save()
        for path, part in PARTS.items():
            File.objects.filter(revision__artifact=artifact, path=path).update(part=part)
        VersionTag.objects.create(
            revision=artifact.current_revision, tag="v1.0", version_key=version_key("v1.0")
        )
        SearchDocument.objects.create(artifact=artifact, name=NAME, readme="It wades.")
        return artifact

    def decide(self, state: DecisionState) -> None:
        for artifact in (self.model, self.dataset):
            decide(revision=artifact.current_revision, state=state, reason=SECRET, by=self.dora)

    def ask(self, door: Door):
        newest, oldest = (
            File.objects.filter(revision__artifact=self.model).order_by(order).first()
            for order in ("-revision__number", "revision__number")
        )
        path = door.path.format(
            id=self.model.id, child=self.child.id, file=newest.pk, old_file=oldest.pk
        )
        client = self.clients[door.client]
        if door.client == "page":
            return client.generic(door.method, path)
        return client.send(door.method, path, door.body)

    def has(self, door: Door) -> bool:
        """Whether a door gives or shows the model, or leads to it."""
        answer = self.ask(door)
        while answer.status_code == 307:  # an alias leads to the id
            answer = self.clients[door.client].send(door.method, answer["Location"], door.body)
        if door.is_list and answer.status_code == 200:
            # Pages repeat what was looked for, so there it is the link that counts.
            sign = {"api": self.model.id, "hub": f"acme/{NAME}", "page": f"/a/{self.model.id}"}
            return sign[door.client] in answer.content.decode()
        return answer.status_code < 400


@pytest.fixture
def world(uploader) -> World:
    return World(uploader)


def test_routes_when_listed_then_each_is_placed():
    placed = {each.route for each in DOORS}
    assert placed & ELSEWHERE == set()
    assert placed | ELSEWHERE == set(BY_NAME)


def test_doors_when_in_quarantine_then_none_has_it_and_all_have_it_again_when_lifted(world):
    assert [str(door) for door in DOORS if not world.has(door)] == []
    world.decide(DecisionState.QUARANTINED)
    assert [str(door) for door in DOORS if world.has(door)] == []
    world.decide(DecisionState.UNDECIDED)
    assert [str(door) for door in DOORS if not world.has(door)] == []


def test_doors_when_in_quarantine_then_the_reason_is_for_those_who_decide(world):
    world.decide(DecisionState.QUARANTINED)
    told = [str(door) for door in DOORS if SECRET in world.ask(door).content.decode()]
    assert told == []
    world.dora.can_search = world.dora.can_download = True
    world.dora.save()
    decider = ApiClient(world.dora)
    answer = decider.get(f"/artifacts/model/{world.model.id}/download")
    assert (answer.status_code, SECRET in message_of(answer)) == (403, True)
    history = decider.get(f"/artifact/model/{world.model.id}/decision").json()["history"]
    assert history[0]["reason"] == SECRET


def test_an_older_revision_when_in_quarantine_then_it_alone_is_gone(world):
    old = world.model.revisions.get(number=1)
    decide(revision=old, state=DecisionState.QUARANTINED, reason=SECRET, by=world.dora)
    of_old = [each for each in DOORS if f"/{OLD_COMMIT}" in each.path or "/r1" in each.path]
    of_old = [each for each in of_old if "datasets" not in each.path]
    of_old.append(next(each for each in DOORS if "{old_file}" in each.path))
    assert len(of_old) > 10
    assert [str(door) for door in of_old if world.has(door)] == []
    others = [each for each in DOORS if each not in of_old]
    assert [str(door) for door in others if not world.has(door)] == []


@pytest.mark.parametrize("state", [DecisionState.QUARANTINED, DecisionState.REJECTED])
def test_the_staff_site_when_decided_against_then_it_gives_no_bytes_either(
    world, administrator, state
):
    world.decide(state)
    staff = Client()
    staff.force_login(administrator)
    file = File.objects.filter(revision=world.model.current_revision).first()
    for path in (
        f"/admin/artifacts/artifact/{world.model.id}/download/full/",
        f"/admin/artifacts/file/{file.pk}/download/",
    ):
        answer = staff.get(path, follow=True)
        assert "/content/" not in str(answer.redirect_chain)
        assert SECRET in answer.content.decode()


def test_a_signed_link_when_given_out_before_then_it_ends_within_its_minutes(
    world, uploader, monkeypatch
):
    link = get_download(
        artifact_type=ArtifactType.MODEL, artifact_id=world.model.id, part="full", user=uploader
    ).url
    world.decide(DecisionState.QUARANTINED)
    told = ApiClient(world.dora)
    world.dora.can_search = True
    world.dora.save()
    seconds = told.get(f"/artifact/model/{world.model.id}/decision").json()["links_end_within_s"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds + 1)
    assert Client(raise_request_exception=False).get(link).status_code == 404


def test_a_rebuild_when_the_rows_are_lost_then_it_comes_back_in_quarantine(world):
    world.decide(DecisionState.QUARANTINED)
    store_decisions(world.model.id)
    Artifact.objects.filter(id=world.model.id).delete()
    rebuild_index()
    restored = Artifact.objects.get(id=world.model.id)
    assert restored.current_revision.decision == DecisionState.QUARANTINED
    assert restored.current_revision.decisions.get().reason == SECRET
    doors = [each for each in DOORS if "datasets" not in each.path and each.client != "hub"]
    assert [str(door) for door in doors if world.has(door)] == []


def test_a_childs_bundle_when_its_parent_is_in_quarantine_then_it_has_its_own_files_alone(world):
    own = {"README.md": b"# Duckling\n"}
    world.child.current_revision = add_revision(world.child, own, 2, commit="d" * 40)
    world.child.save()
    world.decide(DecisionState.QUARANTINED)
    key = build_bundle(artifact_id=world.child.id, revision=2, part="full")
    with get_store().open(key) as bundle:
        packed = zipfile.ZipFile(BytesIO(bundle.read()))
    assert packed.namelist() == ["README.md"]
    assert CONFIG not in packed.read("README.md")


@pytest.mark.parametrize("state", [DecisionState.QUARANTINED, DecisionState.REJECTED])
def test_a_child_when_its_parent_was_decided_against_then_it_says_so(world, uploader, state):
    world.decide(state)
    api, page = world.clients["api"], world.clients["page"]
    told = api.get(f"/artifact/model/{world.child.id}/decision").json()["parents_against"]
    assert [(each["id"], each["decision"]) for each in told] == [(world.model.id, str(state))]
    graph = api.get(f"/artifact/model/{world.child.id}/lineage").json()
    parent = next(each for each in graph["nodes"] if each["artifact_id"] == world.model.id)
    assert parent["metadata"]["decision"] == state
    words = "in quarantine" if state == DecisionState.QUARANTINED else "was rejected"
    for path in (f"/a/{world.child.id}", f"/a/{world.child.id}?tab=lineage"):
        assert words in page.get(path).content.decode()
