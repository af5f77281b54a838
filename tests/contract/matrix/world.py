"""A small registry with one of everything that a path can name, and the callers of the matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from artifacts.enums import ArtifactType, TokenScope
from artifacts.models import AccessToken, Artifact, File, LookAlike, User
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.services.access.account import make_token_for_programs
from artifacts.services.access.authentication import digest_of
from artifacts.services.content.bundles import build_bundle
from tests.clients import PASSWORD, ApiClient, user_with
from tests.functional.hub.pushing import CARD, WEIGHTS, Pusher, large, regular
from tests.secret_watch import remember

GRANTS = ("search", "download", "upload", "decide", "manage")
# In the order of the table's columns. The first five have nothing that proves who they are.
NOBODIES = ("nobody", "tampered", "expired", "spent", "deleted")
PROGRAMS = ("read", "write", "admin-read", "admin-write")
CALLERS = (*NOBODIES, *GRANTS, "uploader", "admin", *PROGRAMS)
UPLOADER = "una"
ZIP = b"PK\x05\x06" + bytes(18)


class Caller(NamedTuple):
    """What somebody sends to prove who it is: a token, and the key of a session."""

    token: str
    session: str


class World(NamedTuple):
    """The registry, as paths and bodies name what is in it.

    Attributes:
        callers: each by its column.
        names: what stands in a path, by the parameter's name.
        links: signed links by the route that serves them.
    """

    callers: dict[str, Caller]
    names: dict[str, str]
    links: dict[str, str]


def make_world() -> World:
    """Make it; the uploader has registered a model and a data set, and sent a zip."""
    una = User.objects.create_user(
        UPLOADER, PASSWORD, can_upload=True, can_search=True, can_download=True
    )
    ada = User.objects.create_user("ada", PASSWORD, is_admin=True)
    callers = {each: _person(user_with(each)) for each in GRANTS}
    callers |= {"nobody": Caller("", ""), "uploader": _person(una), "admin": _person(ada)}
    callers |= {each: _without_proof(each) for each in NOBODIES[1:]}
    digests: list[str] = []
    for user, prefix in ((una, ""), (ada, "admin-")):
        for scope in (TokenScope.READ, TokenScope.WRITE):
            token, row = make_token_for_programs(
                user=user, name="build", scope=scope, lifetime_days=1
            )
            callers[f"{prefix}{scope}"] = Caller(remember(token), "")
            digests.append(row.digest)
    model = _commit(una, "models")
    dataset = _commit(una, "datasets")
    look_alike = LookAlike.objects.create(
        suspect=model, other=dataset, mechanism=Mechanism.TYPO, score=1, found_at=timezone.now()
    )
    for part in ("full", "card"):
        build_bundle(artifact_id=model.id, revision=1, part=part)
    links = _list_links(una, model)
    names = {
        "artifact_type": str(ArtifactType.MODEL),
        "artifact_id": model.id,
        "name": "robot",
        "owner": f"registry.{UPLOADER}",
        "rest": "main/README.md",
        "revision": "main",
        "part": "full",
        "file_id": str(File.objects.filter(revision=model.current_revision).earliest("pk").pk),
        "key": str(look_alike.pk),
        "token_id": digests[0],
        "upload_id": links.pop("upload_id"),
    }
    return World({each: callers[each] for each in CALLERS}, names, links)


def _person(user: User) -> Caller:
    """Sign a user in, by a token and by a session."""
    client = Client()
    client.force_login(user)
    return Caller(ApiClient(user).token, client.cookies["sessionid"].value)


def _without_proof(how: str) -> Caller:
    """Return somebody whose token and session were good once: all rights are spoilt one way."""
    user = User.objects.create_user(f"{how}-one", PASSWORD, is_admin=True)
    caller = _person(user)
    spoil: dict[str, Callable[[], object]] = {
        "tampered": lambda: None,
        "expired": lambda: _expire(caller),
        "spent": lambda: _spend(caller),
        "deleted": user.delete,
    }
    spoil[how]()
    if how != "tampered":
        return caller
    return Caller(*(f"{each[:-1]}{'a' if each[-1] != 'a' else 'b'}" for each in caller))


def _expire(caller: Caller) -> None:
    """Let a token and a session end by the clock."""
    before = timezone.now() - timedelta(seconds=1)
    AccessToken.objects.filter(digest=digest_of(caller.token)).update(expires_at=before)
    Session.objects.filter(session_key=caller.session).update(expire_date=before)


def _spend(caller: Caller) -> None:
    """Use up a token's calls, and sign the session out."""
    AccessToken.objects.filter(digest=digest_of(caller.token)).update(calls_left=0)
    Session.objects.filter(session_key=caller.session).delete()


def _commit(user: User, kind: str) -> Artifact:
    """Commit a repository of a kind, and return its artifact."""
    pusher = Pusher(user)
    kind_name = "model" if kind == "models" else "dataset"
    assert pusher.create(type=kind_name).status_code == 200
    if kind == "models":
        pusher.send_large(WEIGHTS)
        lines = [regular("README.md", CARD), large("notes.bin", WEIGHTS)]
        answer = pusher.commit(*lines)
    else:
        path = f"/api/datasets/{pusher.repo}/commit/main"
        answer = pusher.commit(regular("README.md", CARD), path=path)
    assert answer.status_code == 200, answer.content
    return Artifact.objects.select_related("current_revision").get(type=kind_name)


def _list_links(user: User, model: Artifact) -> dict[str, str]:
    """Return a fresh signed link for each route that serves one, and the id of an open upload."""
    api = ApiClient(user)
    digest = hashlib.sha256(ZIP).hexdigest()
    begun = api.post("/uploads", {"filename": "a.zip", "size_bytes": len(ZIP), "sha256": digest})
    large_one = api.post("/uploads", {"filename": "b.zip", "size_bytes": 200_000_000})
    upload_id = large_one.json()["id"]
    signed = api.post(
        f"/uploads/{upload_id}/parts", {"parts": [{"number": 1, "sha256": digest}]}
    ).json()
    (announced,) = Pusher(user).batch(b"v" * 2_000).json()["objects"]
    verify = announced["actions"]["verify"]["href"]
    download = api.get(f"/artifacts/model/{model.id}/download?part=card")
    return {
        "upload_id": upload_id,
        "content": download["Location"],
        "upload-content": begun.json()["upload_url"],
        "upload-part-content": signed["parts"][0]["upload_url"],
        "hub-lfs-verify": verify,
    }
