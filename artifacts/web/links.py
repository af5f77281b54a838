"""The addresses on the pages for everybody that links in panels lead to."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from artifacts.models import User
from artifacts.templatetags.panels import registration_address


def may_register(user: User | AnonymousUser) -> bool:
    """Whether somebody may register, and read why a source did not answer for what is not yet.

    The form tells them the same; to others it may name what they never asked.
    """
    return isinstance(user, User) and user.may("upload")


def may_decide(user: User | AnonymousUser) -> bool:
    """Whether somebody decides what may be used, and so sees what speaks against it."""
    return isinstance(user, User) and user.may("decide")


class PageLinks:
    """The addresses that `artifacts/templatetags/panels.py` asks for; "" where there is no page.

    Nor is there a link to what the person who asks may not do. Strangers may sign in on their way.
    """

    def __init__(self, user: User | AnonymousUser) -> None:
        """Keep what the person may do."""
        self._may_download = not isinstance(user, User) or user.may("download")
        self._may_search = not isinstance(user, User) or user.may("search")
        self._may_decide = isinstance(user, User) and user.may("decide")
        self._may_register = may_register(user)

    def artifact(self, artifact_id: str) -> str:
        """Return the address of an artifact's page."""
        return reverse("artifact-page", args=[artifact_id]) if self._may_search else ""

    def bundle(self, artifact_id: str, part: str) -> str:
        """Return the address of the zip of a part."""
        if not self._may_download:
            return ""
        return reverse("artifact-page-download", args=[artifact_id, part])

    def file(self, file_id: int) -> str:
        """Return the address of a file's bytes."""
        return reverse("file-page-download", args=[file_id]) if self._may_download else ""

    def decision(self, artifact_id: str) -> str:
        """Return where a decision on an artifact is sent."""
        if not self._may_decide:
            return ""
        return reverse("artifact-page-decision", args=[artifact_id])

    def monitor(self, artifact_id: str) -> str:
        """Return where the program that decides about a model's downloads is sent."""
        return reverse("artifact-page-monitor", args=[artifact_id]) if self._may_register else ""

    def registration(self, url: str, artifact_type: str = "") -> str:
        """Return where something that is not registered can be; "" fills in no address."""
        return registration_address(url, artifact_type) if self._may_register else ""

    def progress(self, artifact_id: str) -> str:
        """Return the address of how far a registration is."""
        return reverse("registration-progress", args=[artifact_id]) if self._may_search else ""

    def files(self, artifact_id: str, revision_id: int) -> str:  # noqa: ARG002  (other sites' need)
        """Return "": the page leads on to the next files itself."""
        return ""

    def task(self, task_id: str) -> str:  # noqa: ARG002  (likewise)
        """Return "": tasks are the staff site's."""
        return ""

    def tasks(self, artifact_id: str) -> str:  # noqa: ARG002  (likewise)
        """Return ""."""
        return ""

    def trail(self, artifact_id: str) -> str:  # noqa: ARG002  (likewise)
        """Return ""."""
        return ""

    def revisions(self, artifact_id: str) -> str:  # noqa: ARG002  (likewise)
        """Return ""."""
        return ""


class FamilyLinks(PageLinks):
    """The same for a family's page, whose names lead on within families."""

    def artifact(self, artifact_id: str) -> str:
        """Return the address of an artifact's page, where its lineage is."""
        page = super().artifact(artifact_id)
        return f"{page}?tab=lineage" if page else ""
