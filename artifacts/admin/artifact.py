"""Artifacts: found, inspected, deleted, mirrored again."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from artifacts.admin.base import (
    ReadOnlyAdmin,
    ask_before_deleting,
    do_for_each,
    do_now_or_later,
    refused,
    return_to_page,
)
from artifacts.admin.filters import GateFilter, RulesFilter, ScoreFilter, SourceFilter
from artifacts.admin.links import StaffLinks
from artifacts.enums import ArtifactType, ContentState, DecisionState
from artifacts.exceptions import RegistryError
from artifacts.limits import CATALOGUE_COUNTED_MAX, REASON_MAX_CHARS, TYPED_WORDS_MAX
from artifacts.models import Artifact, Rating, User
from artifacts.rules.identity import may_be_part_of_id
from artifacts.rules.letters import spell_out_unseen
from artifacts.rules.sizes import human_size
from artifacts.rules.text import storable
from artifacts.selectors.catalogue.candidates import has_trigram
from artifacts.selectors.catalogue.overview import get_overview
from artifacts.selectors.catalogue.word_index import find_in_names
from artifacts.selectors.trust.decision_history import get_revision
from artifacts.selectors.trust.verdict import choose_badge
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.catalogue.registration import drop_artifact
from artifacts.services.content.downloads import get_download
from artifacts.services.content.mirror import mirror_again
from artifacts.services.trust.chosen import begin_rating_chosen
from artifacts.services.trust.decisions import decide
from artifacts.services.trust.rating import refresh_rating

logger = logging.getLogger(__name__)


@admin.register(Artifact)
class ArtifactAdmin(ReadOnlyAdmin):
    """The list of artifacts, and everything about one of them on one page."""

    words = ("artifact", "artifacts")
    administrators_delete = True
    list_display = (
        "name", "id", "type", "score", "gate", "content", "size", "uploader_name", "created",
    )  # fmt: skip
    list_filter = (
        SourceFilter,
        "type",
        GateFilter,
        ScoreFilter,
        RulesFilter,
        "current_revision__content_state",
        "current_revision__source_kind",
        "current_revision__decision",
    )
    list_select_related = ("current_revision__current_rating",)
    search_fields = ("name__icontains", "id__contains")
    search_help_text = "A part of a name or of an id."
    ordering = ("-created_us", "-id")
    actions = ("delete_selected", "decide_on", "mirror_again", "rate_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artifact]:
        """Leave out a rating's large fields, which no column shows."""
        rows: QuerySet[Artifact] = super().get_queryset(request)
        return rows.defer(
            *(f"current_revision__current_rating__{name}" for name in Rating.LARGE_FIELDS)
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Artifact], search_term: str
    ) -> tuple[QuerySet[Artifact], bool]:
        """Look a part of a name up in the index of names, if few have it; else read all rows."""
        words = tuple(search_term.split())[:TYPED_WORDS_MAX]
        # The index knows none of those.
        is_waiting = request.GET.get(SourceFilter.parameter_name) == "yes"
        if is_waiting or not any(map(has_trigram, words)):
            return super().get_search_results(request, queryset, search_term)
        named = find_in_names(words)
        if len(named) > CATALOGUE_COUNTED_MAX:
            return super().get_search_results(request, queryset, search_term)
        is_found = Q(pk__in=named)
        if may_be_part_of_id(search_term.strip()):
            is_found |= Q(id__contains=search_term.strip())
        return queryset.filter(is_found), False

    def get_urls(self) -> list[URLPattern]:
        """Add the address for downloading a bundle."""
        view = require_safe(self.admin_site.admin_view(self.download_view))
        own = path("<str:object_id>/download/<str:part>/", view, name="artifacts_artifact_download")
        return [own, *super().get_urls()]

    def download_view(self, request: HttpRequest, object_id: str, part: str) -> HttpResponse:
        """Redirect to the bytes of a bundle."""
        artifact = get_object_or_404(Artifact, pk=object_id)
        try:
            found = get_download(
                artifact_type=ArtifactType(artifact.type),
                artifact_id=artifact.id,
                part=part,
                user=cast("User", request.user),
            )
        except RegistryError as error:
            return refused(request, error, Artifact)
        return HttpResponseRedirect(found.url)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002  (Django's form)
        change: bool = False,  # noqa: FBT001, FBT002  (likewise)
        form_url: str = "",
        obj: Artifact | None = None,
    ) -> HttpResponse:
        """Add the data of the panels (`templates/admin/artifacts/artifact`)."""
        if obj is not None:
            overview = get_overview(obj.id, with_waiting=True, user=request.user)
            context |= {
                "title": spell_out_unseen(obj.name),
                "subtitle": None,
                "overview": overview,
                "links": StaffLinks(),
                "offered_actions": _offer_actions(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def delete_model(self, request: HttpRequest, obj: Artifact) -> None:
        """Delete from an artifact's own page."""
        _delete(obj, request)

    def get_deleted_objects(
        self,
        objs: Any,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List only the artifact on the confirmation page, not its thousands of files."""
        return [str(each) for each in objs], {"artifacts": len(objs)}, set(), []

    @admin.action(description="Delete the selected artifacts", permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[Artifact]
    ) -> HttpResponse | None:
        """Ask for confirmation, then delete through the service, which handles audit and bucket."""
        if not request.POST.get("post"):
            return ask_before_deleting(self, request, queryset)
        do_for_each(
            request,
            queryset,
            lambda each: _delete(each, request),
            ("artifact was deleted.", "artifacts were deleted."),
        )
        return None

    @admin.action(description="Decide on the selected artifacts")
    def decide_on(self, request: HttpRequest, queryset: QuerySet[Artifact]) -> HttpResponse | None:
        """Ask for the decision and its reason, then decide on the current revision of each."""
        state = DecisionState.find_word(request.POST.get("state", ""))
        if state is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "queryset": queryset,
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
                "states": list(DecisionState),
                "title": "Decide",
            }
            return render(request, "admin/artifacts/artifact/decide_selected.html", context)
        user, reason = cast("User", request.user), request.POST.get("reason", "")

        def decide_one(artifact: Artifact) -> None:
            made = decide(revision=get_revision(artifact), state=state, reason=reason, by=user)
            if not made.is_effective:
                messages.info(request, f"{artifact}: waits until another person agrees.")

        done = ("decision was kept.", "decisions were kept.")
        do_for_each(request, queryset, decide_one, done)
        return None

    @admin.action(description="Mirror the content again")
    def mirror_again(
        self, request: HttpRequest, queryset: QuerySet[Artifact]
    ) -> HttpResponse | None:
        """Schedule fetching missing bytes."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: mirror_again(artifact_id=each.id, user=user),
            ("artifact is being mirrored again.", "artifacts are being mirrored again."),
        )
        return return_to_page(request, "artifact")

    @admin.display(description="created (UTC)", ordering="created_us")
    def created(self, artifact: Artifact) -> str:
        """Show the time of creation, which the id states."""
        return f"{datetime.fromtimestamp(artifact.created_us / 1e6, UTC):%Y-%m-%d %H:%M}"

    @admin.action(description="Rate again")
    def rate_again(self, request: HttpRequest, queryset: QuerySet[Artifact]) -> HttpResponse | None:
        """Gather evidence again and rate the selected models."""
        user = cast("User", request.user)
        return do_now_or_later(
            request,
            queryset.filter(type=ArtifactType.MODEL),
            lambda each: refresh_rating(artifact_id=each.id, user=user),
            ("model was rated again.", "models were rated again."),
            partial(self._rate_later, request),
        )

    def _rate_later(self, request: HttpRequest, ids: list[str]) -> HttpResponse:
        """Have many models rated by a task, and show its page."""
        task_id = begin_rating_chosen(artifact_ids=ids, user=cast("User", request.user))
        messages.success(request, f"{len(ids):,} models are being rated again by this task.")
        return HttpResponseRedirect(StaffLinks().task(str(task_id)))

    @admin.display(description="net score", ordering="current_revision__current_rating__net_score")
    def score(self, artifact: Artifact) -> str:
        """Show the net score."""
        rating = artifact.current_revision and artifact.current_revision.current_rating
        if not rating:
            return "-"
        return f"{rating.net_score:.2f}{' (incomplete)' if rating.is_incomplete else ''}"

    @admin.display(description="verdict", ordering="current_revision__current_rating__gate")
    def gate(self, artifact: Artifact) -> SafeString:
        """Show the verdict of the gate."""
        return render_to_string("panels/badge.html", {"badge": choose_badge(artifact)})

    def read_gate(self, artifact: Artifact) -> str:
        """Return the same as a word."""
        return choose_badge(artifact).value

    @admin.display(description="content", ordering="current_revision__content_state")
    def content(self, artifact: Artifact) -> str:
        """Show the state of the content."""
        revision = artifact.current_revision
        return ContentState(revision.content_state).label if revision else "Waiting for the source"

    @admin.display(description="size")
    def size(self, artifact: Artifact) -> str:
        """Show the total size of the files."""
        revision = artifact.current_revision
        return human_size(revision.size_bytes if revision else None)


def _offer_actions(artifact: Artifact) -> list[tuple[str, str]]:
    """Return the actions on an artifact's own page, except deletion."""
    if artifact.current_revision_id is None:
        return []
    rate = [("rate_again", "Rate again")] if artifact.type == ArtifactType.MODEL else []
    return [*rate, ("mirror_again", "Mirror the content again")]


def _delete(artifact: Artifact, request: HttpRequest) -> None:
    """Delete an artifact in the caller's name; drop one that still waits for its source."""
    user = cast("User", request.user)
    if artifact.current_revision_id is None:
        drop_artifact(artifact_id=artifact.id)
        logger.info("artifact.deleted", extra={"artifact": artifact.id, "user": user.username})
    else:
        delete_artifact(
            artifact_type=ArtifactType(artifact.type),
            artifact_id=artifact.id,
            user=user,
            reason=storable(request.POST.get("reason", "").strip())[:REASON_MAX_CHARS],
        )
