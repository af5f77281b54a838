"""The base of all staff pages: they show rows, and change them only through services."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from artifacts.admin.exporting import export_rows
from artifacts.admin.lists import BoundedPaginator, CheckedChangeList
from artifacts.database.transactions import ADMINISTRATOR, RestsOn, writing
from artifacts.exceptions import AuthenticationFailed, RegistryError
from artifacts.limits import CHOSEN_MAX, DONE_AT_ONCE_MAX
from artifacts.rules.sizes import human_size

if TYPE_CHECKING:
    from artifacts.models import Blob, File, LfsObject, Upload, User

# How much of a row's name Django's log keeps.
_REPR_MAX_CHARS = 200
# Methods for which Django's views begin no transaction.
_READING = ("GET", "HEAD", "OPTIONS", "TRACE")

# The lookups that Django's filters use, and no others: `startswith` and the like would reveal a
# value letter by letter.
_FILTER_ENDINGS = ("", "__exact", "__in", "__isnull", "__gte", "__lt", "__id__exact")


class RegistryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the base of pages for any model
    """What all pages share. A test checks that every page has this base."""

    # Lookups that links on other pages use for this model's list, beside its filters.
    linked_by: ClassVar[tuple[str, ...]] = ()
    # One row and many of them, as people call them.
    words: ClassVar[tuple[str, str]]
    # Columns with ids and digests.
    codes: ClassVar[frozenset[str]] = frozenset(
        {
            "id", "artifact_id", "blob_id", "child_id", "commit", "digest", "parent_id", "pk",
            "revision_id", "sha256", "short", "source_digest", "url",
        }
    )  # fmt: skip
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[ChangeList]:  # noqa: ARG002  (Django's form)
        """Use our own list."""
        return CheckedChangeList

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the list as a file."""
        view = require_safe(self.admin_site.admin_view(self.export_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export.csv", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the rows of the list, filtered as there, as a file."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            found = cast("CheckedChangeList", self.get_changelist_instance(request))
        except IncorrectLookupParameters:
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return export_rows(found)

    def rests_on(self, request: HttpRequest) -> RestsOn | None:
        """Return what a change made here rests on, for the whole of Django's transaction."""
        return RestsOn(cast("User", request.user), ADMINISTRATOR)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row or change it; show a refusal as a message."""
        show = super().changeform_view
        return self._in_writing(request, lambda: show(request, object_id, form_url, extra_context))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, or delete a row; show a refusal as a message."""
        show = super().delete_view
        return self._in_writing(request, lambda: show(request, object_id, extra_context))

    def _in_writing(self, request: HttpRequest, show: Callable[[], HttpResponse]) -> HttpResponse:
        """Call one of Django's views, which reads and changes a row in one transaction.

        A service's `writing` within would come too late: a reset that waits for the row's table
        holds what `writing` waits for.
        """
        is_change = request.method not in _READING
        try:
            with writing(self.rests_on(request)) if is_change else nullcontext():
                return show()
        except RegistryError as error:
            return refused(request, error, self.model)

    def read_cell(self, row: Any, name: str) -> str:
        """Return as text what a template made a cell of; such a column has a `read_` of its own."""
        return str(getattr(self, f"read_{name}")(row))

    def lookup_allowed(
        self,
        lookup: str,
        value: str,  # noqa: ARG002  (Django's form)
        request: HttpRequest | None = None,
    ) -> bool:
        """Allow only lookups that the list itself offers.

        Django allows any field of the model: with `?password__startswith=a` and so on, the rows
        returned reveal a hash letter by letter.
        """
        offered: set[Any] = {*self.linked_by, self.date_hierarchy}
        filters = self.get_list_filter(request) if request is not None else self.list_filter
        for each in filters:
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                offered.add(each.parameter_name)
            else:
                offered.add(each[0] if isinstance(each, tuple | list) else each)
        return any(
            lookup == f"{path}{ending}" for path in offered if path for ending in _FILTER_ENDINGS
        )


class ReadOnlyAdmin(RegistryAdmin):
    """Rows that nobody edits here, since the services hold the rules about them."""

    # Whether administrators may delete rows, through a service that the page's class calls.
    administrators_delete: ClassVar[bool] = False
    # Counting each choice of each filter reads the whole table several times.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  (Django's form)
        """Allow no manual addition."""
        return False

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> bool:
        """Allow no manual edits."""
        return False

    def has_delete_permission(
        self,
        request: HttpRequest,
        obj: Model | None = None,  # noqa: ARG002  (Django's form)
    ) -> bool:
        """Allow no deletion that bypasses the services."""
        return self.administrators_delete and bool(cast("User", request.user).is_admin)


class SizeColumn:
    """A column `size` for rows that have `size_bytes`."""

    @admin.display(description="size", ordering="size_bytes")
    def size(self, row: Blob | File | LfsObject | Upload) -> str:
        """Show the size in a form for people."""
        return human_size(row.size_bytes)


def do_for_each(
    request: HttpRequest,
    rows: QuerySet[Any],
    action: Callable[[Any], object],
    done: tuple[str, str],
) -> None:
    """Do something for each selected row, log who did it, and report the result.

    Args:
        done: what was done to one row and to several, in words that follow their number.
    """
    count = 0
    for row in rows:
        entry = LogEntry(
            user_id=cast("int", request.user.pk),
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:_REPR_MAX_CHARS],
            action_flag=CHANGE,
            change_message=done[0],
        )
        try:
            action(row)
        except RegistryError as error:
            messages.error(request, f"{row}: {error.message}")
        else:
            count += 1
            _keep(entry, cast("User", request.user))
    if count:
        messages.success(request, f"{count:,} {done[count != 1]}")


def _keep(entry: LogEntry, user: User) -> None:
    """Write Django's log, unless its user went meanwhile, with whom all such entries go."""
    with suppress(AuthenticationFailed), writing(RestsOn(user)):
        entry.save()


def do_now_or_later(
    request: HttpRequest,
    rows: QuerySet[Any],
    action: Callable[[Any], object],
    done: tuple[str, str],
    later: Callable[[list[Any]], HttpResponse | None],
) -> HttpResponse | None:
    """Do something for each of few selected rows, or begin it for many, and show what came of it.

    Args:
        action, done: see `do_for_each`.
        later: begins it for the rows with these ids, at most one more than may be chosen, and says
            so; what it refuses is shown.
    """
    ids = list(rows.values_list("pk", flat=True)[: CHOSEN_MAX + 1])
    if len(ids) <= DONE_AT_ONCE_MAX:
        do_for_each(request, rows, action, done)
        return return_to_page(request, str(rows.model._meta.model_name))  # noqa: SLF001  (documented)
    try:
        return later(ids)
    except RegistryError as error:
        messages.error(request, error.message)
        return None


def ask_before_deleting(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
) -> HttpResponse | None:
    """Show Django's confirmation page, which lists the rows; the answer arrives as `post`."""
    return actions.delete_selected(model_admin, request, rows)


def refused(request: HttpRequest, error: RegistryError, model: type[Model]) -> HttpResponse:
    """Show a refusal as a message above the list of a model's rows."""
    messages.error(request, error.message)
    meta = model._meta  # noqa: SLF001  (documented)
    return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))


def return_to_page(request: HttpRequest, model: str) -> HttpResponse | None:
    """Return to the page that had the button: the front page or a row's own; None for the list."""
    key = request.POST.get("from_page", "")
    if key == "index":
        return HttpResponseRedirect(reverse("admin:index"))
    if key not in request.POST.getlist(ACTION_CHECKBOX_NAME):
        return None
    return HttpResponseRedirect(reverse(f"admin:artifacts_{model}_change", args=[quote(key)]))
