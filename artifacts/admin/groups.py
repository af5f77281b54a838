"""The four groups of lists: what staff look for stands first, what only explains stands last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import admin
from django.urls import reverse

# By group, the models whose lists it has.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Catalogue": (
        "Artifact",
        "LookAlike",
        "Revision",
        "File",
        "Rating",
        "LineageEdge",
        "VersionTag",
        "Decision",
        "RevisionScan",
        "AllowedGlobal",
    ),
    "Work": ("Task", "Upload", "LfsObject", "HubPull"),
    "People": ("User", "AccessToken", "SignInTally", "AuditEntry"),
    "Internals": ("Blob", "ActivityBucket", "CachedAnswer", "SearchDocument", "IdSequence"),
}


@dataclass(frozen=True)
class ListLink:
    """A list, as people call it, and its address."""

    title: str
    url: str


def list_groups(site: admin.AdminSite) -> list[tuple[str, list[ListLink]]]:
    """Return the groups with their lists."""
    found = {model.__name__: each for model, each in site._registry.items()}  # noqa: SLF001
    return [
        (
            group,
            [
                ListLink(
                    getattr(found[name], "words")[1],  # noqa: B009  (of our base)
                    reverse(f"admin:artifacts_{name.lower()}_changelist"),
                )
                for name in names
                if name in found
            ],
        )
        for group, names in GROUPS.items()
    ]
