"""Filters of lists that are not plain columns, and the words of those that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.lookups import In
from django.http import HttpRequest

from artifacts.database.in_order import InOrder
from artifacts.enums import ArtifactType, GateVerdict, ParentOrigin, Relationship
from artifacts.models import Artifact, HubPull, Listing, LookAlike
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.rating.judgement import RULES_VERSION
from artifacts.said import say, title
from artifacts.work.jobs import Job


class WordFilter(admin.ChoicesFieldListFilter):
    """Narrows a list by one of our closed lists, in the words of all other pages."""

    def __init__(self, field: Any, *given: Any, **named: Any) -> None:
        """Give the filter the name that its column has."""
        super().__init__(field, *given, **named)
        self.title = say(field.name)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield Django's choices, the first of which is for all, with our words."""
        every, *words = super().choices(changelist)
        yield every
        for choice, (word, _) in zip(words, self.field.flatchoices, strict=True):
            yield {**choice, "display": title(str(word))}


admin.FieldListFilter.register(lambda field: bool(field.choices), WordFilter, take_priority=True)


class SourceFilter(admin.SimpleListFilter):
    """Shows either the visible artifacts, or those whose source has not answered yet.

    Never both at once: the indexes that keep this list fast hold only visible ones.
    """

    title = "source"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer the second kind; the first is shown by default."""
        return [("yes", "has not answered yet")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Artifact],
    ) -> QuerySet[Artifact]:
        """Narrow the list."""
        return queryset.filter(current_revision__isnull=self.value() == "yes")


class RulesFilter(admin.SimpleListFilter):
    """Narrows the list to models that await their rating by the rules of this release."""

    title = "rules"
    parameter_name = "rules"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer ratings by older rules, which are renewed in the background, and by these."""
        return [("older", "older, to be rated again"), ("these", f"version {RULES_VERSION}")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Artifact],
    ) -> QuerySet[Artifact]:
        """Narrow the list."""
        version = "current_revision__current_rating__rules_version"
        narrowed = {"older": f"{version}__lt", "these": f"{version}__gte"}.get(self.value() or "")
        return queryset.filter(**{narrowed: RULES_VERSION}) if narrowed else queryset


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


class ClearedFilter(admin.SimpleListFilter):
    """Shows either the open suspicions, which an index has, or those that somebody cleared."""

    title = "state"
    parameter_name = "cleared"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer the second kind; the first is shown by default."""
        return [("yes", "fine, as somebody said")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[LookAlike],
    ) -> QuerySet[LookAlike]:
        """Narrow the list."""
        return queryset.filter(cleared_at__isnull=self.value() != "yes")


class PullFilter(admin.SimpleListFilter):
    """Narrows registrations by reads by what came of them."""

    title = "outcome"
    parameter_name = "outcome"
    _FOUND = {
        "waiting": Q(ended_at=None),
        "registered": Q(ended_at__isnull=False) & ~Q(artifact_id=""),
        "refused": Q(ended_at__isnull=False, artifact_id=""),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer what waits, what was registered, and what was not."""
        return [("waiting", "the Hub is asked"), ("registered", "registered"), ("refused", "not")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[HubPull],
    ) -> QuerySet[HubPull]:
        """Narrow the list."""
        return queryset.filter(self._FOUND.get(self.value() or "", Q()))


class AmongFilter(admin.SimpleListFilter):
    """Narrows a list by a column whose values are known without asking.

    For columns without choices Django asks for all values, which reads the whole table.
    """

    column: str
    values: Sequence[str | int]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer each value, in words."""
        return [(str(each), title(str(each))) for each in self.values]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Any],
    ) -> QuerySet[Any]:
        """Narrow the list."""
        found = next((each for each in self.values if str(each) == self.value()), None)
        return queryset if found is None else queryset.filter(**{self.column: found})


class GateFilter(AmongFilter):
    """Narrows artifacts by their verdict, as the column shows it; an index of listings has it."""

    title = "gate"
    parameter_name = "current_revision__current_rating__gate__exact"
    values = GateVerdict.values()

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Any],
    ) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() not in self.values:
            return queryset
        found = Listing.objects.filter(badge=self.value()).values("pk")
        return queryset.filter(In(InOrder("pk"), found.query))


class JobFilter(AmongFilter):
    """Narrows tasks by what they do."""

    title = "task"
    parameter_name = column = "name"
    values = tuple(Job)


class RulesVersionFilter(AmongFilter):
    """Narrows ratings by the version of their rules."""

    title = "rules version"
    parameter_name = column = "rules_version"
    values = range(1, RULES_VERSION + 1)


class StatusFilter(AmongFilter):
    """Narrows counts of requests by status."""

    title = "status"
    parameter_name = column = "status"
    values = (
        200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 408, 409, 410, 411, 412,
        413, 415, 416, 424, 429, 431, 500, 501, 502, 503, 507,
    )  # fmt: skip


class TypeFilter(AmongFilter):
    """Narrows counts of requests by the type that they are about."""

    title = "artifact type"
    parameter_name = column = "artifact_type"
    values = ArtifactType.values()


class RelationshipFilter(AmongFilter):
    """Narrows links to parents by what the parent was."""

    title = "relationship"
    parameter_name = column = "relationship"
    values = Relationship.values()


class MechanismFilter(AmongFilter):
    """Narrows look-alikes by how their names are alike."""

    title = "mechanism"
    parameter_name = column = "mechanism"
    values = Mechanism.values()


class OriginFilter(AmongFilter):
    """Narrows links to parents by where they were found."""

    title = "origin"
    parameter_name = column = "origin"
    values = ParentOrigin.values()
