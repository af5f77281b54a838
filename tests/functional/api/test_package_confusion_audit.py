"""GET and POST /artifacts/PackageConfusionAudit."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, MarkKind, SourceKind
from artifacts.models import Artifact, ArtifactSearch, AuditEntry, ContentMark, LookAlike, User
from artifacts.rules.rating.phrases import MARKS_IN_COMMON_MIN
from artifacts.services.trust.look_alikes import audit_names
from tests.clients import ApiClient, message_of, user_with
from tests.factories.look_alikes import KNOWN, make_named
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db
PATH = "/artifacts/PackageConfusionAudit"


@pytest.fixture
def bert() -> Artifact:
    return make_named(KNOWN, 1, downloads=1_000_000)


def fetched(artifact: Artifact, user_name: str, times: int) -> None:
    """Downloads of one user within one hour of yesterday."""
    at = timezone.now().replace(minute=5, second=0) - timedelta(days=1)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            artifact_id=artifact.id,
            artifact_type=ArtifactType.MODEL,
            artifact_name=artifact.name,
            user_name=user_name,
            user_is_admin=False,
            action=AuditAction.DOWNLOAD,
            created_at=at + timedelta(seconds=second),
        )
        for second in range(times)
    )


def searched(artifact: Artifact, user_name: str, *days_ago: int) -> None:
    """Searches of one user on these days."""
    user, _ = User.objects.get_or_create(username=user_name, defaults={"name_key": user_name})
    today = timezone.now().astimezone(UTC).date()
    for days in days_ago:
        ArtifactSearch.objects.create(
            artifact=artifact, user=user, day=today - timedelta(days=days)
        )


def test_get_when_a_name_is_one_slip_away_then_both_are_answered_with_what_tells(admin_api, bert):
    suspect = make_named("evil/bert-base-uncasd", 2, downloads=3)
    fetched(suspect, "mallory", 60)
    fetched(bert, "ursula", 1)
    fetched(bert, "sam", 2)
    searched(suspect, "mallory", 0, 1, 30, 31)
    searched(bert, "ursula", 0)
    searched(bert, "sam", 2)
    ContentMark.objects.bulk_create(
        ContentMark(artifact=each, kind=MarkKind.CARD, value=value)
        for each in (bert, suspect)
        for value in range(MARKS_IN_COMMON_MIN)
    )
    audit_names()
    answer = admin_api.get(PATH)
    assert answer.status_code == 200
    (found,) = answer.json()
    assert found["suspect"] == {
        "id": suspect.id, "name": "bert-base-uncasd", "type": "model",
        "repository": "evil/bert-base-uncasd", "users": 1, "searchers": 1, "searches": 3,
        "downloads": 3,
    }  # fmt: skip
    assert found["resembles"] == {
        "id": bert.id, "name": "bert-base-uncased", "type": "model", "repository": KNOWN,
        "users": 2, "searchers": 2, "searches": 2, "downloads": 1_000_000,
    }  # fmt: skip
    assert (found["mechanism"], found["detail"]) == ("typo", "A letter is left out: e.")
    assert found["score"] == pytest.approx(0.93)
    assert found["copied"] == ["Its card has the other's sentences."]
    assert found["inflated_downloads"][0] == "60 of 60 downloads are of one user, mallory."
    assert len(found["inflated_downloads"]) == 2


def test_get_when_there_are_more_than_a_page_then_the_offset_leads_through_all(
    admin_api, bert, set_limits
):
    set_limits(LOOK_ALIKES_PAGE_SIZE=2)
    wrong = ("bert-base-uncasd", "bert_base_uncased", "uncased-bert-base", "bert-base-uncased-real")
    made = [make_named(f"evil{at}x/{name}", at, downloads=1) for at, name in enumerate(wrong, 2)]
    audit_names()
    seen, offset, pages = [], "", 0
    while offset is not None:
        answer = admin_api.get(f"{PATH}{offset and f'?offset={offset}'}")
        seen += [each["suspect"]["id"] for each in answer.json()]
        offset = answer.headers.get("offset")
        pages += 1
    assert (pages, sorted(seen)) == (2, sorted(each.id for each in made))


def test_get_when_lineage_explains_the_name_then_it_is_no_suspect(admin_api, bert):
    fork = make_named("acme/bert-base-uncased", 2)
    other = make_named("stranger/bert-base-uncased", 3)
    make_edge(fork, bert)
    audit_names()
    assert [each["suspect"]["id"] for each in admin_api.get(PATH).json()] == [other.id]


def test_get_when_people_cleared_a_pair_then_the_next_audit_leaves_it_cleared(admin_api, bert):
    make_named("evil/bert-base-uncasd", 2)
    audit_names()
    LookAlike.objects.update(cleared_at=timezone.now(), cleared_by="sam", reason="Ours.")
    audit_names()
    assert admin_api.get(PATH).json() == []
    assert LookAlike.objects.get().reason == "Ours."


def test_get_when_the_suspect_is_gone_then_so_is_the_suspicion(admin_api, bert):
    suspect = make_named("evil/bert-base-uncasd", 2)
    audit_names()
    assert len(admin_api.get(PATH).json()) == 1
    suspect.delete()
    assert admin_api.get(PATH).json() == []


@pytest.mark.parametrize("permission", ["search", "upload", "download"])
def test_audit_when_the_caller_may_not_decide_then_403(permission):
    client = ApiClient(user_with(permission))
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, [{"name": KNOWN}]).status_code == 403


def test_get_when_the_offset_is_not_ours_then_400(admin_api):
    assert admin_api.get(f"{PATH}?offset=after.x").status_code == 400


def test_post_when_a_name_is_not_registered_then_what_it_is_like_is_answered(admin_api, bert):
    audit_names()
    answer = admin_api.post(
        PATH, [{"name": "evil/bert-base-uncsaed"}, {"name": "acme/bert-large-uncased"}]
    )
    assert answer.status_code == 200
    slip, honest = answer.json()
    (found,) = slip["look_alikes"]
    assert (slip["asked"], found["mechanism"]) == ("evil/bert-base-uncsaed", "typo")
    assert found["suspect"]["name"] == "evil/bert-base-uncsaed"
    assert "id" not in found["suspect"]
    assert found["resembles"]["id"] == bert.id
    assert honest == {"asked": "acme/bert-large-uncased", "look_alikes": []}


def test_post_when_github_has_an_owner_like_one_of_the_hub_then_it_poses(admin_api, bert):
    audit_names()
    asked = {"name": "google-bret/tools", "type": "code", "source_kind": SourceKind.GITHUB}
    ((found,),) = [each["look_alikes"] for each in admin_api.post(PATH, [asked]).json()]
    assert (found["mechanism"], found["resembles"]["id"]) == ("owner", bert.id)
    assert found["detail"].startswith("On GitHub, the owner google-bret is called like the Hub's")


def test_post_when_an_artifact_is_registered_then_its_id_does(admin_api, bert):
    suspect = make_named("g00gle-bert/bert-base-uncased", 2)
    audit_names()
    ((found,),) = [
        each["look_alikes"] for each in admin_api.post(PATH, [{"id": suspect.id}]).json()
    ]
    assert (found["mechanism"], found["suspect"]["id"]) == ("owner", suspect.id)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400), ({}, 400), ([{}], 400), ([{"name": "a", "id": "model-1-1"}], 400),
        ([{"name": "x" * 2_000}], 400), ([{"name": "a"}] * 21, 400), ([{"id": "model-1-1"}], 404),
    ],
    ids=["empty", "no list", "nothing", "both", "too long", "too many", "unknown"],
)  # fmt: skip
def test_post_when_the_body_is_wrong_then_it_says_so(admin_api, body, status):
    answer = admin_api.post(PATH, body)
    assert answer.status_code == status
    assert message_of(answer)
