"""What the page of an artifact shows of trust: rating, evidence, gate, lineage."""

from __future__ import annotations

import json
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from artifacts.admin.base import do_for_each, table
from artifacts.enums import ArtifactType
from artifacts.limits import LINEAGE_NODES_MAX
from artifacts.models import Artifact, LineageEdge, Rating, User
from artifacts.rules.lineage.picture import draw_lineage
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.gate import THRESHOLD
from artifacts.selectors.lineage import get_lineage
from artifacts.services.rating import refresh_rating

RATINGS_SHOWN = 10
PARENTS_SHOWN = 100
_NOT_RATED = "-"


class ScoreFilter(admin.SimpleListFilter):
    """Narrows the list by net score."""

    title = "net score"
    parameter_name = "score"
    _RANGES = {"low": (0.0, 0.25), "fair": (0.25, 0.5), "good": (0.5, 0.75), "high": (0.75, 1.01)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer four ranges."""
        return [
            ("low", "under 0.25"), ("fair", "0.25 to 0.5"), ("good", "0.5 to 0.75"),
            ("high", "0.75 and more"),
        ]  # fmt: skip

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Artifact],
    ) -> QuerySet[Artifact]:
        """Narrow the list."""
        chosen = self._RANGES.get(self.value() or "")
        if chosen is None:
            return queryset
        score = "current_revision__current_rating__net_score"
        return queryset.filter(**{f"{score}__gte": chosen[0], f"{score}__lt": chosen[1]})


class TrustFields:
    """Columns, fields and the action of the artifact page that are about trust."""

    @admin.action(description="Rate again")
    def rate_again(self, request: HttpRequest, queryset: QuerySet[Artifact]) -> None:
        """Gather evidence anew and rate the selected models."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset.filter(type=ArtifactType.MODEL),
            lambda each: refresh_rating(artifact_id=each.id, user=user),
            "models were rated again.",
        )

    @admin.display(description="net score", ordering="current_revision__current_rating__net_score")
    def score(self, artifact: Artifact) -> str:
        """Show the net score."""
        rating = _rating(artifact)
        if rating is None:
            return _NOT_RATED
        return f"{rating.net_score:.2f}{' (incomplete)' if rating.is_incomplete else ''}"

    @admin.display(description="gate", ordering="current_revision__current_rating__gate")
    def gate(self, artifact: Artifact) -> str:
        """Show the verdict of the gate."""
        rating = _rating(artifact)
        return rating.gate if rating else _NOT_RATED

    @admin.display(description="why the gate is closed")
    def gate_reasons(self, artifact: Artifact) -> SafeString | str:
        """List what fails."""
        rating = _rating(artifact)
        if rating is None or not rating.gate_reasons:
            return _NOT_RATED
        return format_html(
            "<ul>{}</ul>",
            format_html_join("", "<li>{}</li>", ((each,) for each in rating.gate_reasons)),
        )

    @admin.display(description="scores")
    def scores(self, artifact: Artifact) -> SafeString | str:
        """Show each metric with its score, its reason and what it asks for."""
        rating = _rating(artifact)
        if rating is None:
            return "Only models are rated."
        rows = [
            (metric.title, _bar(result), result["reason"], f"{result['latency_s']:.3f} s")
            for metric in METRICS
            if (result := rating.results.get(metric.name))
        ]
        return table(("Metric", "Score", "Why", "Took"), rows, "registry-words")

    @admin.display(description="history")
    def ratings(self, artifact: Artifact) -> SafeString:
        """List the ratings, newest first."""
        found = Rating.objects.filter(revision__artifact_id=artifact.id).order_by("-id")
        found = found.defer(*Rating.LARGE_FIELDS)
        rows = [
            (
                f"{each.created_at:%Y-%m-%d %H:%M:%S}",
                f"{each.net_score:.2f}",
                each.gate,
                "incomplete" if each.is_incomplete else "complete",
                each.created_by,
                each.rules_version,
            )
            for each in found[:RATINGS_SHOWN]
        ]
        return table(("At (UTC)", "Net score", "Gate", "Evidence", "By", "Rules"), rows)

    @admin.display(description="facts as they were gathered")
    def evidence(self, artifact: Artifact) -> SafeString | str:
        """Show facts and evidence as data."""
        rating = _rating(artifact)
        if rating is None:
            return _NOT_RATED
        data = {
            "metrics": {name: each["facts"] for name, each in rating.results.items()},
            "evidence": rating.evidence,
        }
        text = json.dumps(data, indent=2, ensure_ascii=False)
        return format_html('<pre class="registry-readme" tabindex="0">{}</pre>', text)

    @admin.display(description="family")
    def picture(self, artifact: Artifact) -> SafeString | str:
        """Draw the family of a model."""
        if artifact.type != ArtifactType.MODEL or artifact.current_revision_id is None:
            return "Only models have a family."
        graph = get_lineage(artifact.id)
        links = [
            (each.parent_id, each.child_id, each.relationship) for each in graph.links.values()
        ]
        names = {each.artifact_id: each.name for each in graph.nodes.values()}
        # Every text in the picture is escaped where it is drawn.
        drawn = mark_safe(draw_lineage(names, links, artifact.id, _page))  # noqa: S308
        if not graph.is_cut:
            return drawn
        return format_html(
            "{}<p>The family is larger than the {} models that are walked.</p>",
            drawn,
            f"{LINEAGE_NODES_MAX:,}",
        )

    @admin.display(description="made from")
    def parents(self, artifact: Artifact) -> SafeString:
        """List models, data sets and code that it was made from."""
        edges = LineageEdge.objects.filter(child_id=artifact.id).order_by("parent_type", "id")
        rows = [
            (
                format_html('<a href="{}">{}</a>', _page(edge.parent_id), edge.parent_name)
                if edge.parent_id
                else edge.parent_name,
                edge.parent_type,
                edge.relationship,
                edge.origin,
                "registered" if edge.parent_id else "not registered",
            )
            for edge in edges[:PARENTS_SHOWN]
        ]
        return table(("Name", "Type", "Relationship", "Written in", "Here"), rows)


def _rating(artifact: Artifact) -> Rating | None:
    """Return the current rating."""
    return artifact.current_revision.current_rating if artifact.current_revision else None


def _page(artifact_id: str) -> str:
    """Return the address of an artifact's page, "" for what is not registered."""
    if artifact_id.startswith("external-"):
        return ""
    return reverse("admin:artifacts_artifact_change", args=[artifact_id])


def _bar(result: dict[str, Any]) -> SafeString | str:
    """Show a score as number and bar; what is unknown says so."""
    if result["score"] is None:
        return "unknown" if result["is_applicable"] else "does not apply"
    bar = format_html(
        '<meter min="0" max="1" low="{}" optimum="1" value="{}" aria-hidden="true"></meter> {}',
        THRESHOLD, result["score"], f"{result['score']:.2f}",
    )  # fmt: skip
    if not result["parts"]:
        return bar
    parts = ", ".join(f"{name} {part:.2f}" for name, part in result["parts"].items())
    return format_html("{} ({})", bar, parts)
