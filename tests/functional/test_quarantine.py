"""Every door of the registry, asked for what is in quarantine.

`DOORS` has each route that could give out or show an artifact, and `ELSEWHERE` all others: a new
route fails the first test until it stands in one of them.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.test import Client

from artifacts.enums import ArtifactType, DecisionState, Part
from artifacts.models import Artifact, File, LineageEdge, SearchDocument, User, VersionTag
from artifacts.routes import BY_NAME
from artifacts.rules.search.versions import version_key
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.downloads import get_download
from artifacts.services.records.decision_records import store_decisions
from artifacts.services.trust.decisions import decide
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage import links
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

pytestmark = pytest.mark.django_db

NAME = "plover"
SECRET = "It calls home when loaded."
PARTS = {"README.md": Part.CARD, "config.json": Part.CONFIG, "onnx/model.safetensors": Part.WEIGHTS}


@dataclass(frozen=True)
class Door:
    """One way to ask for the model, or for a list that has it.

    Attributes:
        client: `api`, `hub`, or `page` for a person in a browser.
        is_list: whether the answer is a list, from which the model has to be absent.
    """

    route: str
    path: str
    client: str = "api"
    method: str = "GET"
    body: object = None
    is_list: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _hub(kind: str) -> list[Door]:
    """The Hub's door, for one kind, by id, alias, tag, number and pinned commit."""
    found = []
    base = "" if kind == "models" else "datasets/"
    for suffix, repo in (("", f"acme/{NAME}"), ("-alias", NAME)):
        name = f"hub-{kind}{suffix}"
        for revision in ("main", "v1.0", "r2", COMMIT, OLD_COMMIT, "r1"):
            for word in ("resolve", "raw"):
                for method in ("GET", "HEAD"):
                    path = f"/{base}{repo}/{word}/{revision}/config.json"
                    found.append(Door(f"{name}-{word}", path, "hub", method))
            for word in ("revision", "tree", "commits"):
                path = f"/api/{kind}/{repo}/{word}/{revision}"
                found.append(Door(f"{name}-{word}", path, "hub"))
            path = f"/api/{kind}/{repo}/paths-info/{revision}"
            body = {"paths": ["config.json"]}
            found.append(Door(f"{name}-paths-info", path, "hub", "POST", body))
        for ending, path in (("-refs", "/refs"), ("-auth-check", "/auth-check"), ("", "")):
            found.append(Door(f"{name}{ending}", f"/api/{kind}/{repo}{path}", "hub"))
    found += [
        Door(f"hub-{kind}-search", f"/api/{kind}?{query}", "hub", is_list=True)
        for query in ("", "search=plover", "author=acme", "sort=lastModified", "filter=license:mit")
    ]
    found.append(Door(f"hub-{kind}-page", f"/{base}acme/{NAME}", "page"))
    found += [
        Door(f"hub-{kind}-page-{word}", f"/{base}acme/{NAME}/{word}/main/config.json", "page")
        for word in ("commit", "tree", "blob")
    ]
    return found


def _search(route: str, path: str, body: object) -> Door:
    return Door(route, path, "api", "POST", body, is_list=True)


DOORS = (
    _search("artifacts", "/artifacts", [{"name": "*"}]),
    _search("artifacts", "/artifacts", [{"name": NAME, "types": ["model"]}]),
    _search("artifacts", "/artifacts", [{"name": "*", "version": "1.0.0"}]),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "plover"}),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "^plov"}),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "wades"}),
    Door("artifact-by-name", f"/artifact/byName/{NAME}", is_list=True),
    Door("artifact", "/artifacts/model/{id}"),
    *(
        Door("artifact-download", f"/artifacts/model/{{id}}/download?part={part}", method=method)
        for part in ("full", "weights", "card")
        for method in ("GET", "HEAD")
    ),
    Door("artifact-lineage", "/artifact/model/{id}/lineage"),
    Door("artifact-cost", "/artifact/model/{id}/cost"),
    Door("artifact-cost", "/artifact/model/{id}/cost?dependency=true"),
    Door("artifact-audit", "/artifact/model/{id}/audit"),
    Door("artifact-decision", "/artifact/model/{id}/decision"),
    Door("home", "/", "page", is_list=True),
    *(
        Door("catalogue", f"/catalogue?{query}", "page", is_list=True)
        for query in ("", "q=plover", "q=wades", "q={id}", "q=acme/plover", "license=permissive")
    ),
    Door("compare", "/compare?ids={id},{child}", "page", is_list=True),
    *(
        Door("artifact-page", f"/a/{{id}}?tab={tab}", "page")
        for tab in ("", "scores", "files", "lineage", "revisions", "audit", "use")
    ),
    Door("artifact-page", "/a/{id}?format=json", "page"),
    Door("artifact-page-download", "/a/{id}/download/full", "page"),
    Door("artifact-page-download", "/a/{id}/download/weights", "page"),
    Door("file-page-download", "/files/{file}", "page"),
    Door("file-page-download", "/files/{old_file}", "page"),
    Door("family", "/lineage/{id}", "page"),
    Door("registration-progress", "/register/{id}", "page"),
    *_hub("models"),
    *_hub("datasets"),
)
# Routes that a quarantine concerns and that other tests ask: those that write, or need a rating.
ASKED_ELSEWHERE = {
    "artifact-rate", "artifact-license-check", "license-check-page", "artifact-page-decision",
    "artifact-create", "content",
    *(
        f"hub-{kind}-{word}"
        for kind in ("models", "datasets")
        for word in ("preupload", "lfs-batch", "commit", "tag", "branch")
    ),
    "hub-repos-create", "hub-repos-delete",
}  # fmt: skip
# What never shows an artifact, or only words that several have.
ELSEWHERE = ASKED_ELSEWHERE | {
    "health", "health-components", "health-dashboard", "tracks", "schema", "docs", "reset",
    "authenticate", "users", "user", "user-permissions", "user-tokens", "user-token",
    "uploads", "upload", "upload-parts", "upload-complete", "upload-content",
    "upload-part-content", "upload-page", "upload-page-token", "upload-page-check",
    "sign-in", "sign-out", "account", "account-tokens", "account-program-tokens",
    "account-token-revoke", "account-password", "account-delete", "register",
    "hub-validate-yaml", "hub-no-xet", "hub-lfs-complete", "hub-lfs-verify",
    "hub-agent-harnesses", "hub-whoami", "hub-models-tags-by-type", "hub-datasets-tags-by-type",
    *(
        f"hub-{kind}{suffix}-xet-{word}-token"
        for kind in ("models", "datasets")
        for suffix, word in (("", "read"), ("-alias", "read"), ("", "write"))
    ),
}  # fmt: skip


class World:
    """A model and a data set of the same name, a child of the model, and who asks for them."""

    def __init__(self, reader: User) -> None:
        self.model = self._make("model", 1)
        self.dataset = self._make("dataset", 2)
        self.child = make_repository("acme/duckling", number=3)
        SearchDocument.objects.create(artifact=self.child, name="duckling", readme="")
        LineageEdge.objects.create(
            child=self.child, parent=self.model, parent_type=ArtifactType.MODEL,
            parent_key=self.model.source_key, parent_name=NAME, relationship="finetune",
            origin="model_card",
        )  # fmt: skip
        self.clients = {"api": ApiClient(reader), "hub": HubClient(reader), "page": Client()}
        self.clients["page"].force_login(reader)
        self.dora = User.objects.create(username="dora", can_decide=True)
        for part in ("full", "weights", "card"):
            build_bundle(artifact_id=self.model.id, revision=2, part=part)

    def _make(self, kind: str, number: int) -> Artifact:
        artifact = make_repository(
            f"acme/{NAME}", kind=kind, number=number, commit=OLD_COMMIT, license="mit",
            source="huggingface_model" if kind == "model" else "huggingface_dataset",
        )  # fmt: skip
        changes = {"commit": COMMIT, "license": "mit", "repository": f"acme/{NAME}"}
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
    now = links.time.time()
    monkeypatch.setattr(links.time, "time", lambda: now + seconds + 1)
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
