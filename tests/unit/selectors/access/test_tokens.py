from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.limits import TOKEN_CALLS, TOKENS_SHOWN_MAX
from artifacts.models import AccessToken, User
from artifacts.selectors.access.tokens import list_tokens
from tests.clients import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return user_with("search")


def make(user: User, digest: str, *, name: str = "", calls: int = TOKEN_CALLS, hours: int = 1):
    AccessToken.objects.create(
        digest=digest,
        user=user,
        name=name,
        calls_left=calls,
        expires_at=timezone.now() + timedelta(hours=hours),
    )


def test_tokens_when_listed_then_only_ones_own_that_still_work(user):
    make(user, "works")
    make(user, "spent", calls=0)
    make(user, "expired", hours=-1)
    make(user_with("upload"), "another's")
    assert [each.digest for each in list_tokens(user).tokens] == ["works"]


def test_tokens_when_some_have_names_then_those_first_and_the_newest_before(user):
    for digest, name in [("1", ""), ("2", "old"), ("3", ""), ("4", "new")]:
        make(user, digest, name=name)
    assert [each.digest for each in list_tokens(user).tokens] == ["4", "2", "3", "1"]


def test_token_when_a_call_was_made_then_no_longer_unused(user):
    make(user, "fresh")
    make(user, "used", calls=TOKEN_CALLS - 1)
    assert {each.digest: each.is_unused for each in list_tokens(user).tokens} == {
        "fresh": True,
        "used": False,
    }


@pytest.mark.parametrize(
    ("count", "has_more"), [(TOKENS_SHOWN_MAX, False), (TOKENS_SHOWN_MAX + 1, True)]
)
def test_tokens_when_there_are_many_then_cut_and_said(
    user, count, has_more, django_assert_num_queries
):
    for number in range(count):
        make(user, f"{number:064}")
    with django_assert_num_queries(1):
        found = list_tokens(user)
    assert (len(found.tokens), found.has_more) == (TOKENS_SHOWN_MAX, has_more)
