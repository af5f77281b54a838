"""Rendering answers with the serializers that describe them.

REST framework copies all fields of a serializer for each answer and calls each field for each
value, which takes about thirty times as long as building the dictionary by hand. The fields of a
serializer never change, so a plan is computed here once for each class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from django.http import JsonResponse
from rest_framework import serializers

Shown: TypeAlias = dict[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]


class AnswerSerializer(serializers.Serializer[Any]):
    """Describes a part of an answer, and renders it.

    A field that is not required is left out where its value is None or absent: answers hold no null
    (contract/decisions). An instance is an object with attributes, or a dictionary.
    """

    def to_representation(self, instance: Any) -> Shown:
        """Show one instance."""
        return shown(type(self), instance)


def shown(form: type[AnswerSerializer], instance: Any) -> Shown:
    """Return what a serializer shows of an instance.

    Raises:
        AttributeError: the object lacks a required field.
        KeyError: the dictionary lacks one.
    """
    return _find_plan(form)(instance)


def answer(form: type[AnswerSerializer], instance: Any, *, status: int = 200) -> JsonResponse:
    """Answer with one instance."""
    return JsonResponse(shown(form, instance), status=status)


def all_shown(form: type[AnswerSerializer], instances: Iterable[Any]) -> list[Shown]:
    """Return what a serializer shows of each instance."""
    return _find_plan(form).each(instances)


def stamp(moment: datetime) -> str:
    """Return a time as ISO 8601 in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def _time(value: datetime | str) -> str:
    """Return a time as it is sent; one that was kept as text is text already."""
    return value if isinstance(value, str) else stamp(value)


class _Plan:
    """The precomputed rendering of one serializer class.

    Attributes:
        of_object: name and getter of each required field, for objects.
        of_mapping: the same for dictionaries.
        converts: those whose values are not sent as they are.
        optional: name, source and conversion of the fields that may be left out.
    """

    def __init__(self, fields: dict[str, serializers.Field[Any, Any, Any, Any]]) -> None:
        """Examine each field once.

        Raises:
            TypeError: REST framework would not show a field, or would get it in another way.
        """
        self.converts: list[tuple[str, _Convert]] = []
        self.optional: list[tuple[str, str, _Convert]] = []
        required: list[tuple[str, str]] = []
        for name, field in fields.items():
            source, convert = field.source or name, _find_conversion(field)
            if field.write_only or not source.isidentifier():
                raise TypeError(f"Answers have no field like {name} yet.")
            if not field.required:
                self.optional.append((name, source, convert or _as_it_is))
                continue
            required.append((name, source))
            if convert is not None:
                self.converts.append((name, convert))
        self.of_object = tuple((name, attrgetter(source)) for name, source in required)
        self.of_mapping = tuple((name, itemgetter(source)) for name, source in required)

    def __call__(self, instance: Any) -> Shown:
        """Show an instance."""
        is_mapping = isinstance(instance, dict)
        getters: tuple[tuple[str, _Convert], ...] = (
            self.of_mapping if is_mapping else self.of_object
        )
        found = {name: get(instance) for name, get in getters}
        for name, convert in self.converts:
            found[name] = convert(found[name])
        for name, source, convert in self.optional:
            value = instance.get(source) if is_mapping else getattr(instance, source, None)
            if value is not None:
                found[name] = convert(value)
        return found

    def each(self, instances: Iterable[Any]) -> list[Shown]:
        """Show many instances; plain rows, of which a page has 100, without a call for each."""
        if self.converts or self.optional:
            return list(map(self, instances))
        return [
            {name: get(each) for name, get in (
                self.of_mapping if isinstance(each, dict) else self.of_object
            )}
            for each in instances
        ]  # fmt: skip


def _as_it_is(value: Any) -> Any:
    """Return a value unchanged."""
    return value


@cache
def _find_plan(form: Any) -> _Plan:
    """Return the plan of a class; there are as many as classes."""
    return _Plan(dict(form._declared_fields))  # noqa: SLF001  (instances would copy them)


def _find_conversion(field: Any) -> _Convert | None:
    """Return the conversion of a field's value; None if it is sent unchanged.

    Raises:
        TypeError: no answer has had such a field; say here how its value is sent.
    """
    if isinstance(field, AnswerSerializer):
        return _find_plan(type(field))
    if isinstance(field, serializers.ListSerializer):
        child: Any = type(field.child)
        return _find_plan(child).each
    if isinstance(field, serializers.ListField) and _find_conversion(field.child) is None:
        return list
    if isinstance(field, serializers.DictField):
        return None
    for kind, convert in _CONVERTS:
        if isinstance(field, kind):
            return convert
    raise TypeError(f"Answers have no field of the class {type(field).__name__} yet.")


_CONVERTS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], _Convert | None], ...] = (
    (serializers.DateTimeField, _time),
    (serializers.UUIDField, str),
    (serializers.FloatField, float),
    (serializers.CharField, None),
    (serializers.ChoiceField, None),
    (serializers.BooleanField, None),
    (serializers.IntegerField, None),
    (serializers.JSONField, None),
)
