"""No address of the staff site spells out a hash: each list answers to what it offers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.urls import reverse

from artifacts.admin.base import RegistryAdmin
from artifacts.models import AccessToken, User
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
SECRETS: set[Any] = {
    User._meta.get_field("password"),
    AccessToken._meta.get_field("digest"),
    Session._meta.get_field("session_key"),
    Session._meta.get_field("session_data"),
}
ENDINGS = ["", "__exact", "__startswith", "__gte", "__lt", "__regex", "__in", "__length"]
PAGES = sorted(admin.site._registry.values(), key=lambda page: page.model.__name__)
RELATIONS_MAX = 3


def paths_to_secrets(model: type[Model], relations_left: int = RELATIONS_MAX) -> Iterator[str]:
    """Walk every way from a model to a secret, along relations in both directions."""
    for field in model._meta.get_fields():
        if field in SECRETS:
            yield field.name
        elif field.is_relation and field.related_model and relations_left:
            for rest in paths_to_secrets(field.related_model, relations_left - 1):
                yield f"{field.name}__{rest}"


WAYS = [(page, path) for page in PAGES for path in paths_to_secrets(page.model)]


def test_ways_are_found():
    found = {f"{page.model.__name__}: {path}" for page, path in WAYS}
    assert {
        "User: password", "User: tokens__digest", "AccessToken: digest",
        "AccessToken: user__password", "Upload: user__password", "Artifact: uploader__password",
    } <= found  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model.__name__)
def test_page_when_it_joins_the_site_then_keeps_the_rule_of_all(page):
    assert isinstance(page, RegistryAdmin)
    assert type(page).lookup_allowed is RegistryAdmin.lookup_allowed


def test_secret_when_asked_for_by_any_way_then_no_list_takes_it(rf, administrator):
    request = rf.get("/")
    request.user = administrator
    taken = [
        f"{page.model.__name__}: {path}{ending}"
        for page, path in WAYS
        for ending in ENDINGS
        for asked in (request, None)
        if page.lookup_allowed(f"{path}{ending}", "x", asked)
    ]
    assert len(WAYS) > 10
    assert taken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model.__name__)
def test_secret_when_a_page_is_described_then_in_none_of_its_parts(page):
    secret = {each.name for each in SECRETS}
    parts = [*page.list_display, *page.search_fields, *(page.ordering or ()), *page.linked_by]
    parts += [each if isinstance(each, str) else "" for each in page.list_filter]
    assert not [each for each in parts if secret & set(each.lstrip("-^=@").split("__"))]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("user", "password__startswith=md5"),
        ("user", "password__gte=md5"),
        ("user", "tokens__digest__startswith=0"),
        ("user", "_to_field=password&_popup=1"),
        ("accesstoken", "digest__startswith=0"),
        ("accesstoken", "user__password__startswith=md5"),
        ("upload", "user__password__regex=^md5"),
        ("artifact", "uploader__password__startswith=md5"),
        ("artifact", "name__regex=x"),
    ],
)
def test_list_when_an_address_asks_for_more_than_it_offers_then_400(
    client, administrator, model, query
):
    client.force_login(administrator)
    url = reverse(f"admin:artifacts_{model}_changelist")
    assert client.get(url).status_code == 200
    assert client.get(f"{url}?{query}").status_code == 400


@pytest.mark.parametrize("order", ["password", "-password", "user__password", "1.password", "99"])
def test_list_when_an_address_orders_by_a_secret_then_it_orders_by_nothing_of_the_kind(
    client, administrator, order
):
    client.force_login(administrator)
    answer = client.get(reverse("admin:artifacts_user_changelist"), {"o": order})
    assert answer.status_code == 200
    assert "password" not in str(answer.context["cl"].queryset.query.order_by)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model.__name__)
def test_filters_when_shown_then_each_of_their_links_works(client, administrator, page):
    make_artifact()
    client.force_login(administrator)
    url = reverse(f"admin:artifacts_{page.model._meta.model_name}_changelist")
    shown = client.get(url).context["cl"]
    links = [
        choice["query_string"] for spec in shown.filter_specs for choice in spec.choices(shown)
    ]
    assert {client.get(url + each).status_code for each in links} <= {200}


def test_token_page_when_opened_then_shows_no_digest_but_its_beginning(client, administrator, api):
    client.force_login(administrator)
    token = AccessToken.objects.get()
    url = reverse("admin:artifacts_accesstoken_change", args=[token.pk])
    page = client.get(url).content.decode()
    assert "ursula" in page
    assert token.digest not in page.replace(url, "").replace(str(token.pk) + "/", "")
