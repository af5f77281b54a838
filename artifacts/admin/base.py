"""The base of all staff pages: they show rows, and change them only through services."""

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

from artifacts.exceptions import RegistryError
from artifacts.limits import ROWS_COUNTED_MAX

# How much of a row's name Django's log keeps.
_REPR_MAX_CHARS = 200


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # any model's rows
    """Counts at most `ROWS_COUNTED_MAX` rows, so that lists stay fast at any length."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `ROWS_COUNTED_MAX`."""
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return super().count
        return rows.order_by().values("pk")[:ROWS_COUNTED_MAX].count()


class CheckedChangeList(ChangeList):
    """A list whose filters are tried before they are used.

    Django accepts any number as a year, and then fails while it shows the list.
    """

    def get_queryset(self, request: HttpRequest, *given: Any, **named: Any) -> QuerySet[Any]:
        """Return the rows.

        Raises:
            IncorrectLookupParameters: a filter's value is invalid; Django then shows all rows.
        """
        rows: QuerySet[Any] = super().get_queryset(request, *given, **named)
        try:
            str(rows.query)
        except EmptyResultSet:
            pass
        except (ValueError, OverflowError, TypeError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows


# The lookups that Django's filters use, and no others: `startswith` and the like would reveal a
# value letter by letter.
_FILTER_ENDINGS = ("", "__exact", "__in", "__isnull", "__gte", "__lt", "__id__exact")


class RegistryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the base of pages for any model
    """What all pages share. A test checks that every page has this base."""

    # Lookups that links on other pages use for this model's list, beside its filters.
    linked_by: ClassVar[tuple[str, ...]] = ()
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[ChangeList]:  # noqa: ARG002  (Django's form)
        """Use our own list."""
        return CheckedChangeList

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
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> bool:
        """Allow no deletion that bypasses the services."""
        return False


def do_for_each(
    request: HttpRequest, rows: QuerySet[Any], action: Callable[[Any], object], done: str
) -> None:
    """Do something for each selected row, log who did it, and report the result.

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
    """Show Django's confirmation page, which lists the rows; the answer arrives as `post`."""
    return actions.delete_selected(model_admin, request, rows)


def refused(request: HttpRequest, error: RegistryError, model: type[Model]) -> HttpResponse:
    """Show a refusal as a message above the list of a model's rows."""
    messages.error(request, error.message)
    meta = model._meta  # noqa: SLF001  (documented)
    return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))
