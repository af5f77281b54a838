"""Filters offer what is known without reading the table that they narrow."""

import pytest
from django.contrib import admin
from django.contrib.admin import autodiscover
from django.db.models import BooleanField
from django.test import Client

from artifacts.admin.filters import StatusFilter
from artifacts.api.exception_handler import STATUSES
from artifacts.models import Task
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db


def field_of(model, column: str):
    for name in column.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field


def test_filter_when_its_column_has_no_choices_then_it_is_one_of_ours():
    autodiscover()
    fields = {
        (model.__name__, column): field_of(model, column)
        for model, page in admin.site._registry.items()
        for column in page.list_filter
        if isinstance(column, str)
    }
    assert fields
    read_whole = {
        name
        for name, field in fields.items()
        if not (field.choices or isinstance(field, BooleanField))
    }
    assert read_whole == set()


def test_status_when_an_error_has_it_then_it_can_be_chosen():
    assert set(STATUSES.values()) <= set(StatusFilter.values)


def test_tasks_when_narrowed_by_job_then_only_those(administrator):
    client = Client()
    client.force_login(administrator)
    for name in ("mirror_revision", "rate_model"):
        create_task(name, artifact_id=f"about-{name}", arguments={})
    shown = client.get("/admin/artifacts/task/?name=rate_model").content.decode()
    assert "about-rate_model" in shown
    assert "about-mirror_revision" not in shown
    assert "about-mirror_revision" in client.get("/admin/artifacts/task/?name=x").content.decode()
    assert Task.objects.count() == 2
