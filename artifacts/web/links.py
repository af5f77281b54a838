"""The addresses on the pages for everybody that links in panels lead to."""

from __future__ import annotations

from django.urls import reverse


class PageLinks:
    """The addresses that `artifacts/templatetags/panels.py` asks for; "" where there is no page."""

    def artifact(self, artifact_id: str) -> str:
        """Return the address of an artifact's page."""
        return reverse("artifact-page", args=[artifact_id])

    def bundle(self, artifact_id: str, part: str) -> str:
        """Return the address of the zip of a part."""
        return reverse("artifact-page-download", args=[artifact_id, part])

    def file(self, file_id: int) -> str:
        """Return the address of a file's bytes."""
        return reverse("file-page-download", args=[file_id])

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
        return f"{super().artifact(artifact_id)}?tab=lineage"
