from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from artifacts.enums import ArtifactType, AuditAction, GateVerdict, SourceKind
from artifacts.exceptions import InvalidOffset
from artifacts.models import Artifact, AuditEntry, Revision
from artifacts.rules.hub.tags import make_tags
from artifacts.selectors.hub import orders
from artifacts.selectors.hub.names import Current, name_repositories
from artifacts.selectors.hub.orders import Order, Wish
from artifacts.selectors.hub.repositories import find_repository
from artifacts.selectors.hub.search import list_repositories
from tests.factories.hub import make_current, make_registry

pytestmark = pytest.mark.django_db
MODEL = ArtifactType.MODEL
WISHES: tuple[dict[str, Any], ...] = (
    {}, {"is_ascending": True}, {"order": Order.CHANGED},
    {"order": Order.CHANGED, "is_ascending": True},
    {"author": "acme"}, {"author": "ACME", "order": Order.CHANGED}, {"author": "octo"},
    {"author": "github.acme"}, {"author": "github.Octo"}, {"author": "registry"},
    {"author": "registry.ursula"}, {"author": "registry.Bob.B"}, {"author": "nobody"},
    {"words": ("tea",)}, {"words": ("te",)}, {"words": ("TEA", "_")}, {"words": ("acme",)},
    {"words": ("robot",), "order": Order.CHANGED}, {"words": ("nothing",)},
    {"tags": ("license:mit",)}, {"tags": ("License:MIT", "fill-mask")}, {"tags": ("own", "en")},
    {"tags": ("registry:gate-passed",)}, {"tags": ("registry:gate-failed", "tea")},
    {"tags": ("registry:gate-nonsense",)}, {"tags": ("license:gpl-3.0",)},
    {"tags": ("base_model:acme/Tea", "dataset:acme/leaves")},
    {"is_gated": True}, {"is_gated": False, "author": "acme"},
    {"order": Order.DOWNLOADS, "tags": ("license:mit",)},
)  # fmt: skip


def walk(kind: ArtifactType, **wish) -> list[str]:
    """The ids of all pages."""
    found, offset, pages = [], None, 0
    while pages == 0 or offset is not None:
        page = list_repositories(kind, Wish(offset=offset, **wish))
        found += [each.repository.repo_id for each in page.rows]
        assert len(page.rows) <= wish.get("limit", 500)
        offset, pages = page.next_offset, pages + 1
        assert pages < 200
    return found


def expected(kind: ArtifactType, registry: list[Current], wish: dict) -> list[str]:
    """The ids of what fits, by looking at each."""
    ids = name_repositories(registry)
    words, author = wish.get("words", ()), wish.get("author", "").lower()
    fitting = []
    for artifact, revision in registry:
        repo_id, rating = ids[artifact.id], revision.current_rating
        owner = repo_id.split("/")[0].lower()
        tags = make_tags(
            card=revision.card, facts=revision.facts, license_name=revision.license,
            gate=GateVerdict(rating.gate) if rating else None,
        )  # fmt: skip
        lower = {each.lower() for each in tags}
        is_refused = rating is not None and rating.gate in ("failed", "undecided")
        if (
            artifact.type == kind
            and author in ("", owner)
            and (all(w.lower() in artifact.name.lower() for w in words) or words == (owner,))
            and {each.lower() for each in wish.get("tags", ())} <= lower
            and wish.get("is_gated", is_refused) == is_refused
        ):
            by = artifact.created_us if wish.get("order") != Order.CHANGED else revision.created_at
            fitting.append((by, repo_id))
    fitting.sort(reverse=not wish.get("is_ascending", False))
    return [repo_id for _, repo_id in fitting]


@pytest.mark.parametrize(("most", "step"), [(3, 50), (1_000, 1)])
@pytest.mark.parametrize("seed", [1, 2])
def test_pages_when_put_together_then_all_that_fits_once_and_in_order(
    set_limits, settings, monkeypatch, seed, most, step
):
    monkeypatch.setattr(orders, "_STEP_MIN_ROWS", step)
    settings.REGISTRY_GATE = "enforce"
    set_limits(REPOSITORIES_SEARCHED_MAX=most)
    registry = make_registry(Random(seed), 50)
    # Earlier revisions lie on the way through what changed.
    Revision.objects.create(
        artifact=registry[0].artifact, number=2, source_kind=SourceKind.UPLOAD, repository="",
        created_at=datetime(2026, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    wrong, some = [], 0
    for kind in (ArtifactType.MODEL, ArtifactType.DATASET):
        for wish in WISHES:
            found = walk(kind, limit=4, **wish)
            fitting = expected(kind, registry, wish)
            some += bool(fitting)
            if found != fitting:
                wrong.append((kind, wish, set(found) ^ set(fitting), found, fitting))
    assert wrong == []
    assert some > 20


def test_authors_when_asked_for_then_every_id_is_found_again():
    registry = make_registry(Random(7), 60)
    owners = {each.partition("/")[0] for each in name_repositories(registry).values()}
    found = [each for owner in owners for each in walk(MODEL, author=owner)]
    assert len(found) == len(set(found)) == sum(each.artifact.type == MODEL for each in registry)
    assert {find_repository(MODEL, each).repo_id for each in found} == set(found)


def test_pages_when_cards_are_large_then_they_end_before_an_answer_is_too_large(set_limits):
    set_limits(REPOSITORIES_PAGE_BYTES=2_000)
    for number in range(1, 6):
        make_current(number, repository=f"acme/tea-{number}", card={"x": "y" * 900})
    page = list_repositories(MODEL, Wish())
    assert [each.repository.repo_id for each in page.rows] == ["acme/tea-5", "acme/tea-4"]
    assert len(walk(MODEL)) == 5


def test_pages_when_a_card_alone_is_too_large_then_it_is_a_page(set_limits):
    set_limits(REPOSITORIES_PAGE_BYTES=10)
    for number in (1, 2):
        make_current(number, repository=f"acme/tea-{number}", card={"x": "y" * 900})
    assert len(list_repositories(MODEL, Wish()).rows) == 1
    assert walk(MODEL, tags=()) == ["acme/tea-2", "acme/tea-1"]


@pytest.mark.parametrize("offset", ["", "2", "after.1", "after.1.61", f"after.{'9' * 18}.1"])
@pytest.mark.parametrize("order", Order)
def test_offset_when_it_was_not_given_out_then_it_is_refused_or_a_place(offset, order):
    make_current(1)
    try:
        found = list_repositories(MODEL, Wish(offset=offset, order=order)).rows
    except InvalidOffset:
        return
    assert len(found) <= 1


def test_what_is_listed_when_it_changed_meanwhile_then_the_present_revision():
    current = make_current(1, license="mit")
    Revision.objects.filter(pk=current.revision.pk).update(license="apache-2.0")
    assert walk(MODEL, tags=("license:mit",)) == []
    (listed,) = list_repositories(MODEL, Wish(tags=("license:apache-2.0",))).rows
    assert listed.info.revision.license == "apache-2.0"


def test_what_is_hidden_when_listed_then_it_is_left_out():
    made = make_current(1)
    Artifact.objects.filter(pk=made.artifact.id).update(current_revision=None)
    assert (walk(MODEL), walk(MODEL, order=Order.CHANGED)) == ([], [])


def test_downloads_when_listed_then_those_of_thirty_days():
    made = make_current(1)
    days = [datetime.now(UTC).replace(year=2025), datetime.now(UTC), datetime.now(UTC)]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            artifact_id=made.artifact.id, artifact_type=MODEL, artifact_name="tea",
            user_name="ursula", user_is_admin=False, action=action, created_at=day,
        )
        for day in days
        for action in (AuditAction.DOWNLOAD, AuditAction.RATE)
    )  # fmt: skip
    (listed,) = list_repositories(MODEL, Wish()).rows
    assert listed.info.downloads == 2


def test_downloads_when_sorted_by_then_the_most_fetched_first_and_all_of_them(set_limits):
    made = [make_current(number, repository=f"acme/tea-{number}") for number in range(1, 6)]
    for current, times in zip(made, (1, 3, 0, 3, 2), strict=True):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                artifact_id=current.artifact.id, artifact_type=MODEL, artifact_name="tea",
                user_name="ursula", user_is_admin=False, action=AuditAction.DOWNLOAD,
                created_at=datetime.now(UTC),
            )
            for _ in range(times)
        )  # fmt: skip
    order = [f"acme/tea-{number}" for number in (4, 2, 5, 1, 3)]
    assert walk(MODEL, order=Order.DOWNLOADS, limit=2) == order
    assert walk(MODEL, order=Order.DOWNLOADS, is_ascending=True, limit=2) == order[::-1]
    set_limits(REPOSITORIES_SEARCHED_MAX=4)
    newest = [f"acme/tea-{number}" for number in (5, 4, 3, 2, 1)]
    assert walk(MODEL, order=Order.DOWNLOADS, limit=2) == newest


def test_a_page_when_it_is_full_then_a_few_queries(django_assert_max_num_queries):
    for number in range(1, 40):
        make_current(number, repository=f"acme/tea-{number}", source_kind=SourceKind.GITHUB)
    with django_assert_max_num_queries(4):
        assert len(list_repositories(MODEL, Wish(limit=30)).rows) == 30
    with django_assert_max_num_queries(14):
        assert len(list_repositories(MODEL, Wish(words=("tea",), tags=("license:mit",))).rows) == 0
