"""The tabs of an artifact's page: each gathers what it alone shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Final, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from artifacts.enums import DOWNLOAD_PARTS, ArtifactType, Part
from artifacts.exceptions import MonitorNotYours, TooMuchToRead
from artifacts.limits import FAMILY_ROWS_SHOWN_MAX
from artifacts.models import Artifact
from artifacts.rules.card_html import DrawnCard, draw_card
from artifacts.selectors.access.audit import get_trail
from artifacts.selectors.catalogue.changes import Changes, get_changes
from artifacts.selectors.catalogue.page import Header, get_front, get_waiting
from artifacts.selectors.catalogue.states import get_revisions
from artifacts.selectors.content.files import get_files
from artifacts.selectors.content.monitors import find_monitor, is_in_charge, list_downloads
from artifacts.selectors.lineage.family import get_family
from artifacts.selectors.trust.look_alikes import list_of_artifact
from artifacts.selectors.trust.scans import get_scans
from artifacts.selectors.trust.verdict import get_scores
from artifacts.services.access.audit import record_reading
from artifacts.web.artifact.alike import list_alike
from artifacts.web.artifact.commands import write_commands
from artifacts.web.artifact.hub_commands import write_hub_commands
from artifacts.web.links import may_decide, may_register

DOWNLOADS: Final = "downloads"
# A revision's number has no more digits.
_NUMBER_MAX_DIGITS = 9


@dataclass(frozen=True)
class Shown:
    """What a tab shows.

    Attributes:
        panels: for its template, by name.
        data: the same for its JSON.
    """

    panels: Mapping[str, Any]
    data: Mapping[str, Any]


class Gather(Protocol):
    """Gathers what a tab shows."""

    def __call__(self, request: HttpRequest, artifact: Artifact, header: Header) -> Shown:
        """Gather it."""
        ...


def gather_overview(
    request: HttpRequest,
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (the interface's)
) -> Shown:
    """Gather the card and the facts beside it, or why there are none yet."""
    if artifact.current_revision is None:
        waiting = get_waiting(artifact)
        if not may_register(request.user):
            waiting = replace(waiting, error="")
        return Shown({"waiting": waiting}, {"waiting": asdict(waiting)})
    front = get_front(artifact)
    drawn, fault = _draw(front.card.text)
    alike = tuple(list_alike(artifact))
    confused = list_of_artifact(artifact.id) if may_decide(request.user) else []
    panels = {
        "front": front, "drawn": drawn, "fault": fault, "alike": alike, "look_alikes": confused,
    }  # fmt: skip
    return Shown(panels, {"front": asdict(front)})


def gather_scores(
    request: HttpRequest,  # noqa: ARG001  (the interface's)
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (likewise)
) -> Shown:
    """Gather the scores; the evidence is in the JSON alone, since it may be as long as a book."""
    scores = get_scores(artifact)
    return Shown({"scores": replace(scores, evidence="")}, {"scores": asdict(scores)})


def gather_files(
    request: HttpRequest,
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (the interface's)
) -> Shown:
    """Gather a page of the files."""
    offset = request.GET.get("offset")
    files = get_files(artifact.id, artifact.current_revision, offset)
    return Shown({"files": files, "is_first": offset is None}, {"files": asdict(files)})


def gather_scans(
    request: HttpRequest,  # noqa: ARG001  (the interface's)
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (likewise)
) -> Shown:
    """Gather what the scans found in the files."""
    scans = get_scans(artifact.current_revision)
    return Shown({"scans": scans}, {"scans": asdict(scans)})


def gather_lineage(
    request: HttpRequest,  # noqa: ARG001  (the interface's)
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (likewise)
) -> Shown:
    """Gather the family."""
    family = get_family(artifact, FAMILY_ROWS_SHOWN_MAX)
    return Shown({"lineage": family}, {"lineage": asdict(replace(family, picture=None))})


def gather_revisions(
    request: HttpRequest,
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (the interface's)
) -> Shown:
    """Gather the revisions, and what changed between two of them if that is asked for."""
    revisions = get_revisions(artifact)
    changes, fault = _compare(artifact.id, request.GET.get("compare", ""))
    numbers = [each.number for each in revisions.lines.rows]
    return Shown(
        {
            "revisions": revisions,
            "changes": changes,
            "compare_fault": fault,
            "pairs": [(old, new) for new, old in pairwise(numbers)],
        },
        {"revisions": asdict(revisions), "changes": asdict(changes) if changes else None},
    )


def gather_audit(
    request: HttpRequest,
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (the interface's)
) -> Shown:
    """Gather the trail, as the API answers it: whoever reads it is in it; strangers see none."""
    if not request.user.is_authenticated:
        return Shown({"trail": None}, {"trail": None})
    record_reading(artifact=artifact, user=request.user)
    trail = get_trail(artifact.id)
    return Shown({"trail": trail}, {"trail": asdict(trail)})


def gather_use(request: HttpRequest, artifact: Artifact, header: Header) -> Shown:
    """Gather commands that fetch this very artifact, whole or one part of it."""
    present = [each.part for each in header.parts if each.has_bundle]
    asked = request.GET.get("part", "")
    part = Part(asked) if asked in present and asked in DOWNLOAD_PARTS else Part.FULL
    commands = hub = None
    if header.has_bundle:
        site = request.build_absolute_uri(reverse("home")).rstrip("/")
        commands = write_commands(site, artifact, part)
        hub = write_hub_commands(site, artifact)
    parts = (Part.FULL.value, *present)
    return Shown(
        {"commands": commands, "hub": hub, "part": part.value, "bundles": parts},
        {
            "commands": asdict(commands) if commands else None,
            "hub": asdict(hub) if hub else None,
            "part": part.value,
        },
    )


def gather_downloads(
    request: HttpRequest,
    artifact: Artifact,
    header: Header,  # noqa: ARG001  (the interface's)
) -> Shown:
    """Gather a model's program and who was to have the model, for those in charge of it.

    Raises:
        MonitorNotYours: the user is neither its uploader nor an administrator, or it is no model.
    """
    if not has_downloads(request, artifact):
        raise MonitorNotYours
    offset = request.GET.get("offset")
    downloads, monitor = list_downloads(artifact.id, offset), find_monitor(artifact.id)
    return Shown(
        {
            "monitor": monitor,
            "downloads": downloads,
            "is_first": offset is None,
            "asked_hosts": settings.REGISTRY_MONITOR_HOSTS,
        },
        {"downloads": [asdict(each) for each in downloads.rows]},
    )


def has_downloads(request: HttpRequest, artifact: Artifact) -> bool:
    """Whether this user sees who downloaded an artifact: a model, and in charge of it."""
    is_model = artifact.type == ArtifactType.MODEL
    return is_model and request.user.is_authenticated and is_in_charge(request.user, artifact)


@dataclass(frozen=True)
class Tab:
    """One tab.

    Attributes:
        name: as addresses have it, "" for the first.
        template: what draws it.
    """

    name: str
    title: str
    template: str
    gather: Gather


TABS: Final = (
    Tab("", "Overview", "web/artifact/overview.html", gather_overview),
    Tab("scores", "Scores", "web/artifact/scores.html", gather_scores),
    Tab("files", "Files", "web/artifact/files.html", gather_files),
    Tab("scans", "Scan", "web/artifact/scans.html", gather_scans),
    Tab("lineage", "Lineage", "web/artifact/lineage.html", gather_lineage),
    Tab("revisions", "Revisions", "web/artifact/revisions.html", gather_revisions),
    Tab("audit", "Audit", "web/artifact/audit.html", gather_audit),
    Tab(DOWNLOADS, "Downloads", "web/artifact/downloads.html", gather_downloads),
    Tab("use", "Use this", "web/artifact/use.html", gather_use),
)


def find_tab(name: str) -> Tab:
    """Return the tab of this name, the first one for a name that none has."""
    return next((each for each in TABS if each.name == name), TABS[0])


def _draw(text: str) -> tuple[DrawnCard | None, str]:
    """Return a card as HTML, or None and why it is shown as plain text."""
    if not text:
        return None, ""
    try:
        return draw_card(text), ""
    except TooMuchToRead as error:
        return None, error.message


def _compare(artifact_id: str, asked: str) -> tuple[Changes | None, str]:
    """Return what changed between two revisions asked for as `1..2`, or why that is not known."""
    if not asked:
        return None, ""
    old, dots, new = asked.partition("..")
    if not (dots and _is_number(old) and _is_number(new)):
        return None, "Name two revisions by their numbers, as in 1..2."
    changes = get_changes(artifact_id, int(old), int(new))
    if changes is None:
        return None, f"It has no revisions {old} and {new} to compare."
    return changes, ""


def _is_number(text: str) -> bool:
    """Whether a text is the number of a revision."""
    return text.isascii() and text.isdecimal() and len(text) <= _NUMBER_MAX_DIGITS
