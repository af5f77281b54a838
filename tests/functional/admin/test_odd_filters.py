"""Filters in addresses that nobody can mean: the list is shown without them, or refused."""

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from registry_site import admin_urls  # noqa: F401  (registers the pages)

pytestmark = pytest.mark.django_db
MANY = "9" * 30
# What is asked of a field of each kind.
ASKED = (
    (models.DateTimeField, ("__year=99999", "__year=0", f"__year__gte={MANY}", "__gte=99999-1-1")),
    (models.IntegerField, (f"={MANY}", f"__gte=-{MANY}", f"__in=1,{MANY}", "=%00")),
    (models.ForeignKey, (f"={MANY}", "=%00")),
    (models.CharField, ("=%00", "__startswith=%ED%A0%80")),
)
WORDS = (
    f"p={MANY}", "p=-1", f"o={MANY}", "q=%00", f"all={MANY}", "q=" + "," * 60_000,
    "q=" + "a+" * 3_000,
)  # fmt: skip
PAGES = {each._meta.label_lower: page for each, page in admin.site._registry.items()}


def queries(model: type[models.Model]) -> list[str]:
    return [
        *WORDS,
        *(
            field.name + question
            for field in model._meta.concrete_fields
            for kind, questions in ASKED
            if isinstance(field, kind)
            for question in questions
        ),
    ]


@pytest.mark.parametrize("label", sorted(PAGES))
def test_list_when_filtered_by_what_cannot_be_then_no_fault_of_ours(staff, label, monkeypatch):
    page = PAGES[label]
    # What may be looked up is another question; here everything may be.
    monkeypatch.setattr(type(page), "lookup_allowed", lambda _, lookup, value, request: True)
    url = reverse(f"admin:{label.replace('.', '_')}_changelist")
    staff.raise_request_exception = False
    asked = queries(page.model)
    assert len(asked) > len(WORDS)
    answers = {each: staff.get(f"{url}?{each}").status_code for each in asked}
    assert {each: status for each, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("label", sorted(PAGES))
def test_page_when_its_id_cannot_be_then_no_fault_of_ours(staff, label):
    staff.raise_request_exception = False
    names = [f"admin:{label.replace('.', '_')}_{view}" for view in ("change", "delete", "history")]
    answers = {
        (name, key): staff.get(reverse(name, args=[key])).status_code
        for name in names
        for key in (MANY, f"-{MANY}", "\x00", "é" * 300, "1e999")
    }
    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


def test_file_when_its_number_is_huge_then_404(staff):
    assert staff.get(f"/admin/artifacts/file/{MANY}/download/").status_code == 404
