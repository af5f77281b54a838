"""What the pages of the staff site share: they show rows, and change them through services only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from artifacts.exceptions import RegistryError

# Counting every row of a large table takes longer than showing a page of it.
COUNT_MAX = 10_000
# How much of a row's name Django's log keeps.
_REPR_MAX_CHARS = 200
_SIZE_STEP = 1_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # any model's rows
    """Counts no further than `COUNT_MAX` rows: lists stay fast, whatever their length."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `COUNT_MAX`."""
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return super().count
        return rows.order_by().values("pk")[:COUNT_MAX].count()


class CheckedChangeList(ChangeList):
    """A list whose filters are tried before they are used.

    Django believes that what it can read as a number is a year, and fails where the list is shown.
    """

    def get_queryset(self, request: HttpRequest, *given: Any, **named: Any) -> QuerySet[Any]:
        """Return the rows.

        Raises:
            IncorrectLookupParameters: a filter's value cannot be; Django then shows the whole list.
        """
        rows: QuerySet[Any] = super().get_queryset(request, *given, **named)
        try:
            str(rows.query)
        except EmptyResultSet:
            pass
        except (ValueError, OverflowError, TypeError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows


# What Django's filters put behind the path of their field, and no more: `startswith` and the like
# would spell out a value letter by letter.
_FILTER_ENDINGS = ("", "__exact", "__in", "__isnull", "__gte", "__lt", "__id__exact")


class RegistryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the base of pages for any model
    """What all pages share. A test sees that every page has this base."""

    # What pages link to in the list of this model, beside its filters.
    linked_by: ClassVar[tuple[str, ...]] = ()
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[ChangeList]:  # noqa: ARG002  (Django's form)
        """List the rows in our own way."""
        return CheckedChangeList

    def lookup_allowed(
        self,
        lookup: str,
        value: str,  # noqa: ARG002  (Django's form)
        request: HttpRequest | None = None,
    ) -> bool:
        """Let an address ask for what the list offers, and for nothing else.

        Django itself takes any field of the model: `?password__startswith=a` tells by the
        rows that come whether it is so, until a hash is known.
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
    """Rows that nobody edits here: the rules about them live in the services."""

    # Counting each choice of each filter reads the whole table several times.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  (Django's form)
        """Nothing is added by hand."""
        return False

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> bool:
        """Nothing is edited by hand."""
        return False

    def has_delete_permission(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> bool:
        """Nothing is deleted past the services."""
        return False


def do_for_each(
    request: HttpRequest, rows: QuerySet[Any], action: Callable[[Any], object], done: str
) -> None:
    """Do something for each selected row, keep who did it, and tell how it went.

    Args:
        done: what was done, in words that follow the number of rows.
    """
    count = 0
    for row in rows:
        entry = LogEntry(
            user_id=cast("int", request.user.pk),
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:_REPR_MAX_CHARS],
            action_flag=CHANGE,
            change_message=done,
        )
        try:
            action(row)
        except RegistryError as error:
            messages.error(request, f"{row}: {error.message}")
        else:
            entry.save()
            count += 1
    if count:
        messages.success(request, f"{count} {done}")


def ask_before_deleting(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
) -> HttpResponse | None:
    """Show Django's page that names what would be deleted; its answer comes back as `post`."""
    return actions.delete_selected(model_admin, request, rows)


def refused(request: HttpRequest, error: RegistryError, model: type[Model]) -> HttpResponse:
    """Show a refusal as a message above the list of a model's rows."""
    messages.error(request, error.message)
    meta = model._meta  # noqa: SLF001  (documented)
    return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))


def human_size(size_bytes: int | None) -> str:
    """Return a size for people, in steps of 1,000; "unknown" for None."""
    if size_bytes is None:
        return "unknown"
    size, unit = float(size_bytes), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < _SIZE_STEP:
            break
        size, unit = size / _SIZE_STEP, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


def table(heads: tuple[str, ...], rows: list[tuple[Any, ...]], style: str = "") -> SafeString:
    """Return rows as a table; every cell is escaped.

    Args:
        style: a further class of the table.
    """
    if not rows:
        return format_html("<p>{}</p>", "none")
    head = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in heads))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    return format_html(
        '<table class="registry-table {}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        style,
        head,
        body,
    )
