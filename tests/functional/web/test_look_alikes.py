"""What stands on an artifact's page about those that look like it, for those who may decide."""

import pytest
from django.test import Client

from artifacts.models import LookAlike
from tests.clients import user_with
from tests.factories.look_alikes import KNOWN, make_look_alike
from tests.functional.web.structure import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> LookAlike:
    return make_look_alike()


def signed_in(*permissions: str) -> Client:
    client = Client()
    client.force_login(user_with(*permissions))
    return client


def test_page_when_one_may_decide_then_both_are_shown(pair):
    person = signed_in("search", "decide")
    for artifact_id in (pair.suspect_id, pair.other_id):
        text = person.get(f"/a/{artifact_id}").content.decode()
        assert faults(text) == []
        assert "Easily mistaken" in text
        assert KNOWN in text


def test_page_when_one_may_not_decide_then_nothing_is_said(pair):
    assert (
        "Easily mistaken" not in signed_in("search").get(f"/a/{pair.suspect_id}").content.decode()
    )


def test_fine_when_a_reason_is_given_then_it_is_remembered(pair):
    person = signed_in("search", "decide")
    given = {"reason": "A port of ours.", "artifact": pair.other_id}
    answer = person.post(f"/look-alikes/{pair.pk}", given, follow=True)
    assert answer.redirect_chain[-1][0] == f"/a/{pair.other_id}#look-alikes"
    pair.refresh_from_db()
    assert pair.reason == "A port of ours."
    assert "A port of ours." in answer.content.decode()


def test_fine_when_no_reason_is_given_then_400(pair):
    assert signed_in("search", "decide").post(f"/look-alikes/{pair.pk}").status_code == 400


def test_fine_when_one_may_not_decide_then_403(pair):
    answer = signed_in("search").post(f"/look-alikes/{pair.pk}", {"reason": "Fine."})
    assert answer.status_code == 403
    assert LookAlike.objects.get().cleared_at is None
