"""What happens in the demonstration: an upload, a second revision, downloads, a day of requests."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from artifacts.enums import ArtifactType, ContentState, Part, UploadState
from artifacts.management.demo.contents import HOME_GROWN, SECOND, Made
from artifacts.management.demo.source import DemoSource
from artifacts.models import (
    ActivityBucket,
    ActivityQuarter,
    Artifact,
    ClientMark,
    FailedRequest,
    User,
)
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.content.downloads import get_download
from artifacts.services.content.uploads import begin_upload
from artifacts.storage import content_types
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.store import get_store

_DAY_MINUTES = 1_440
_CLIENTS = 40
_KIND = "<str:artifact_type>"
_PAGE = f"GET /artifacts/{_KIND}/<str:artifact_id>"
# Route, status, type, requests in a busy minute, and the column of their latency.
_ASKED = (
    ("GET /catalogue", 200, "", 6, "within_50_ms"),
    ("GET /a/<str:artifact_id>", 200, "", 9, "within_25_ms"),
    (_PAGE, 200, "model", 12, "within_10_ms"),
    (_PAGE, 404, "model", 1, "within_10_ms"),
    (f"{_PAGE}/download", 302, "model", 3, "within_25_ms"),
    (f"{_PAGE}/download", 302, "dataset", 1, "within_25_ms"),
)  # fmt: skip
# What was registered, and what failed, as so many minutes ago.
_REGISTERED = tuple(range(30, 45))
_FAILED = ((7, 503), (95, 503), (96, 503), (610, 500))


def upload_home_grown(user: User) -> bool:
    """Upload a zip as a browser would, and register it; say whether it was not there yet."""
    name = HOME_GROWN.name
    if Artifact.objects.filter(name=name).exists():
        return False
    data = _pack(HOME_GROWN)
    digest = hashlib.sha256(data).hexdigest()
    upload, _ = begin_upload(user=user, filename=f"{name}.zip", size_bytes=len(data), sha256=digest)
    is_unchecked = upload.state == UploadState.UNCHECKED
    key = incoming_upload_key(upload.id) if is_unchecked else upload_key(upload.id)
    get_store().create(key, data, content_types.ZIP)
    register_artifact(artifact_type=ArtifactType.MODEL, url=upload.url, name=name, user=user)
    return True


def publish_second(source: DemoSource, user: User) -> bool:
    """Let a source have something newer, and read it again; say whether that was not done yet."""
    artifact = Artifact.objects.filter(name=SECOND.name, revisions__number=1).first()
    if artifact is None or artifact.revisions.count() > 1:
        return False
    source.publish_on_hub("models", SECOND.repository, SECOND.files, SECOND.facts, edition=2)
    replace_artifact(
        artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, name=artifact.name,
        url=SECOND.url, user=user,
    )  # fmt: skip
    return True


def download_some(user: User) -> None:
    """Fetch what is kept, so that audit trails have something to tell."""
    kept = Artifact.objects.filter(current_revision__content_state=ContentState.STORED)
    for artifact in kept.order_by("created_us"):
        get_download(
            artifact_type=ArtifactType(artifact.type),
            artifact_id=artifact.id,
            part=Part.CARD if artifact.type == ArtifactType.MODEL else Part.FULL,
            user=user,
        )


def count_a_day() -> None:
    """Write a day of requests, more by day than by night, if nobody has asked for anything."""
    if ActivityBucket.objects.exists():
        return
    now = timezone.now()
    minutes = list(_list_minutes(now.replace(second=0, microsecond=0)))
    ActivityBucket.objects.bulk_create(minutes)
    ActivityQuarter.objects.bulk_create(_sum_up(minutes))
    ClientMark.objects.bulk_create(
        ClientMark(mark=place * (ClientMark.MARKS // _CLIENTS), seen_at=now - timedelta(minutes=7))
        for place in range(_CLIENTS)
    )
    FailedRequest.objects.bulk_create(
        FailedRequest(
            at=now - timedelta(minutes=ago), request_id=f"{ago:032x}", status=status,
            route=f"POST /artifact/{_KIND}", took_ms=5_200,
            event="request.failed" if status == 503 else "request.crashed",  # noqa: PLR2004  (as in the list)
            reason="The source does not answer." if status == 503 else "KeyError",  # noqa: PLR2004
        )
        for ago, status in _FAILED
    )  # fmt: skip


def _pack(made: Made) -> bytes:
    """Return its files as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for path, data in made.files.items():
            bundle.writestr(path, data)
    return packed.getvalue()


def _list_minutes(last: datetime) -> Iterator[ActivityBucket]:
    """Yield the counts of a day, every third minute."""
    for ago in range(0, _DAY_MINUTES, 3):
        minute = last - timedelta(minutes=ago)
        share = 1 + (minute.hour * 60 + minute.minute) % 720 / 240
        for route, status, kind, number, latency in _ASKED:
            requests = round(number * share)
            yield ActivityBucket(
                minute=minute, route=route, status=status, artifact_type=kind, requests=requests,
                **{latency: requests},
            )  # fmt: skip
    for ago, status in (*((each, 201) for each in _REGISTERED), *_FAILED):
        yield ActivityBucket(
            minute=last - timedelta(minutes=ago), route=f"POST /artifact/{_KIND}", status=status,
            artifact_type="model", requests=1, within_10000_ms=1,
        )  # fmt: skip


def _sum_up(minutes: list[ActivityBucket]) -> list[ActivityQuarter]:
    """Return the same by quarters of an hour."""
    found: dict[tuple[datetime, str, int, str], ActivityQuarter] = {}
    for each in minutes:
        begins_at = ActivityQuarter.begin_of(each.minute)
        key = (begins_at, each.route, each.status, each.artifact_type)
        quarter = found.setdefault(
            key,
            ActivityQuarter(
                minute=begins_at, route=each.route, status=each.status,
                artifact_type=each.artifact_type,
            ),
        )  # fmt: skip
        for name in ("requests", *ActivityBucket.LATENCIES):
            setattr(quarter, name, getattr(quarter, name) + getattr(each, name))
    return list(found.values())
