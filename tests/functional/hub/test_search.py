"""`GET /api/models` and `/api/datasets` as clients ask them, and what they say of tags."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import set_script_prefix

from artifacts.enums import GateVerdict, SourceKind
from artifacts.limits import TAGS_ASKED_MAX
from tests.clients import HubClient, refusal, user_with
from tests.factories.hub import make_current

pytestmark = pytest.mark.django_db
CARD = {"pipeline_tag": "fill-mask", "library_name": "tea", "language": "en", "tags": ["own"]}
PREFIX = "/stage"


@pytest.fixture
def hub() -> HubClient:
    return HubClient(user_with("search"))


@pytest.fixture
def models() -> None:
    """Three models and a data set."""
    make_current(1, card=CARD, license="mit", config={"x": 1}, gate=GateVerdict.PASSED,
                 commit="c" * 40)  # fmt: skip
    make_current(2, source_kind=SourceKind.GITHUB, repository="Octo/Robot", name="robot",
                 license="MIT", gate=GateVerdict.FAILED)  # fmt: skip
    make_current(3, repository="acme/kettle", name="kettle")
    make_current(4, kind="dataset", source_kind=SourceKind.HUGGINGFACE_DATASET,
                 repository="acme/leaves", name="leaves", license="mit",
                 card={"task_categories": ["qa"]})  # fmt: skip


def ids(answer) -> list[str]:
    assert answer.status_code == 200
    return [each["id"] for each in answer.json()]


ALL = ["acme/kettle", "github.Octo/Robot", "acme/tea"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("?sort=createdAt&direction=-1", ALL),
        ("?sort=lastModified", ALL),
        ("?sort=trendingScore", ALL),
        ("?sort=createdAt&direction=1", ALL[::-1]),
        ("?search=TEA", ["acme/tea"]),
        ("?search=acme/kettl", ["acme/kettle"]),
        ("?search=acme", ["acme/kettle", "acme/tea"]),
        ("?author=Acme", ["acme/kettle", "acme/tea"]),
        ("?author=github.octo", ["github.Octo/Robot"]),
        ("?filter=license:mit", ["github.Octo/Robot", "acme/tea"]),
        ("?filter=license:mit&filter=fill-mask", ["acme/tea"]),
        ("?filter=license:mit,own", ["acme/tea"]),
        ("?pipeline_tag=fill-mask&filter=tea", ["acme/tea"]),
        ("?filter=registry:gate-passed", ["acme/tea"]),
        ("?filter=registry:gate-failed", ["github.Octo/Robot"]),
        ("?gated=True", []),
        ("?gated=false", ALL),
        ("?limit=2", ALL[:2]),
        ("?limit=nonsense", ALL),
        ("?something=new", ALL),
    ],
)
def test_models_when_searched_then_those_that_fit(hub, models, query, found):
    assert ids(hub.get(f"/api/models{query}")) == found


def test_models_when_the_gate_is_enforced_then_what_it_refuses_is_gated(hub, models, settings):
    settings.REGISTRY_GATE = "enforce"
    answer = hub.get("/api/models?gated=true")
    assert [(each["id"], each["gated"]) for each in answer.json()] == [
        ("github.Octo/Robot", "manual")
    ]


def test_datasets_when_searched_then_only_data_sets(hub, models):
    assert ids(hub.get("/api/datasets")) == ids(hub.get("/api/datasets/")) == ["acme/leaves"]


def test_items_when_listed_then_as_infos_without_what_is_large(hub, models):
    (item,) = hub.get("/api/models?search=tea").json()
    info = hub.get("/api/models/acme/tea").json()
    assert item == {
        key: value for key, value in info.items() if key not in ("cardData", "config", "siblings")
    }
    assert item["sha"] == "c" * 40


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("cardData=true&config=True&full=true", {"cardData": CARD, "config": {"x": 1}}),
        ("expand=config&expand=likes", {"config": {"x": 1}, "likes": 0}),
        ("expand[]=gated&expand[]=private", {"gated": False, "private": False}),
        ("expand=downloads,pipeline_tag", {"downloads": 0, "pipeline_tag": "fill-mask"}),
    ],
)
def test_items_when_fields_are_asked_for_then_these(hub, models, query, fields):
    (item,) = hub.get(f"/api/models?search=tea&{query}").json()
    assert {key: item[key] for key in fields} == fields
    assert "_id" in item
    if query.startswith("expand"):
        assert set(item) == {"_id", "id", *fields}


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_pages_when_there_are_more_then_the_link_leads_on_with_all_that_was_asked(
    hub, models, prefix
):
    set_script_prefix(f"{prefix}/")
    found, path, pages = [], "/api/models?limit=1&filter=license:mit&expand=likes", 0
    while path:
        answer = hub.get(path)
        found += ids(answer)
        link, pages = answer.get("Link", ""), pages + 1
        assert pages < 5
        if not link:
            break
        address, _, relation = link.partition(">; ")
        parts = urlsplit(address.removeprefix("<"))
        assert (relation, parts.scheme) == ('rel="next"', "http")
        assert (parts.netloc, parts.path) == ("testserver", f"{prefix}/api/models")
        asked = parse_qs(parts.query)
        assert (asked["limit"], asked["expand"]) == (["1"], ["likes"])
        path = f"/api/models?{parts.query}"
    assert found == ["github.Octo/Robot", "acme/tea"]


@pytest.mark.parametrize("name", ["apps", "inference", "inference_provider", "num_parameters"])
def test_models_when_narrowed_by_what_is_unknown_then_it_is_said(hub, models, name):
    answer = hub.get(f"/api/models?{name}=x")
    assert answer.status_code == 400
    assert f"cannot narrow by '{name}'" in answer.json()["error"]


@pytest.mark.parametrize("cursor", ["x", "after.1", "after.1.0a.3"])
def test_pages_when_the_cursor_is_not_ours_then_it_is_refused(hub, models, cursor):
    assert hub.get(f"/api/models?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("path", ["/api/models", "/api/datasets", "/api/models-tags-by-type"])
def test_lists_when_the_permission_is_missing_then_they_are_refused(path):
    assert HubClient(user_with("upload")).get(path).status_code == 403


def test_tags_when_listed_then_by_what_they_say(hub, models):
    found = hub.get("/api/models-tags-by-type").json()
    assert found["license"] == [{"id": "license:mit", "label": "mit", "type": "license"}]
    assert [each["id"] for each in found["pipeline_tag"]] == ["fill-mask"]
    assert [each["id"] for each in found["library"]] == ["tea"]
    assert [each["id"] for each in found["language"]] == ["en"]
    assert {"id": "registry:gate-passed", "label": "gate-passed", "type": "registry"} in (
        found["registry"]
    )
    assert set(hub.get("/api/datasets-tags-by-type").json()) == {
        "license", "language", "task_categories",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["models", "datasets"])
def test_tags_when_a_stranger_asks_then_those_of_every_registry(hub, models, stranger, kind):
    path = f"/api/{kind}-tags-by-type"
    told, known = stranger.get(path), hub.get(path).json()
    assert told.status_code == 200
    assert set(told.json()) == set(known)
    usual = [each for each in known.get("registry", []) if each["id"].startswith("registry:gate-")]
    assert [each for tags in told.json().values() for each in tags] == usual
    assert refusal(stranger.get(path, Authorization="Bearer hf_none")) == (
        401,
        "authentication_failed",
    )


@pytest.mark.parametrize("name", ["a", "api", "models", "dataset", "m"])
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/api/models/{}/revision/main?a=b", "/api/models/acme/tea/revision/main?a=b"),
        ("/api/models/{}", "/api/models/acme/tea"),
        ("/{}/resolve/main/sub/{}.json", "/acme/tea/resolve/main/sub/{}.json"),
    ],
)
def test_alias_when_asked_for_then_the_same_path_of_the_right_id(name, path, place):
    make_current(1, name=name)
    set_script_prefix(f"{PREFIX}/")
    answer = HubClient(user_with("search", "download")).get(path.format(name, name))
    assert (answer.status_code, answer["Location"]) == (307, PREFIX + place.format(name))


def test_alias_when_two_have_the_name_then_both_are_named(hub, models):
    make_current(5, source_kind=SourceKind.GITHUB, repository="octo/tea")
    answer = hub.get("/api/models/tea")
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")
    assert "acme/tea, github.octo/tea" in answer["X-Error-Message"]


def test_models_when_narrowed_by_very_many_tags_then_refused_and_twice_the_same_counts_once(
    hub, models
):
    tags = [f"license:{number}" for number in range(TAGS_ASKED_MAX + 1)]
    for query in ("&".join(f"filter={each}" for each in tags), f"filter={','.join(tags)}"):
        assert refusal(hub.get(f"/api/models?{query}")) == (400, "invalid_request")
    same = ",".join(["license:MIT"] * 100)
    assert hub.get(f"/api/models?filter={same}").json()
