"""What fits, in which order, page by page, and what would narrow it."""

from datetime import UTC, datetime

import pytest

from artifacts.enums import ContentState, SourceKind
from artifacts.exceptions import InvalidExpression, InvalidOffset, InvalidVersionRange
from artifacts.models import Artifact, VersionTag
from artifacts.rules.search.versions import version_key
from artifacts.selectors.catalogue import browsing, libraries, typed, word_index
from artifacts.selectors.catalogue.browsing import Findings, Wish, browse
from artifacts.selectors.catalogue.facets import FACETS
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db
OLDER = {"rules_version": 2, "gate": "failed", "is_incomplete": True}
RATINGS = (
    {"gate": "passed", "net_score": 0.8, "category": "translation", "rules_version": 3},
    {"gate": "failed", "net_score": 0.5, "category": "translation", "rules_version": 3},
    OLDER | {"net_score": 0.5, "category": "other"},
    {"gate": "undecided", "net_score": 0.1, "category": "fill-mask", "rules_version": 3},
    {"gate": "exempt", "net_score": 0.3, "category": "other", "rules_version": 3},
)
LICENSES = ("mit", "apache-2.0", "gpl-3.0", "cc-by-nc-4.0", "", "my own words", "mit", "openrail")
SIZES = (None, 5, 100_000_000, 3_000_000_000, 10_000_000_000, 0, 5, 7)


@pytest.fixture
def shelf() -> list[Artifact]:
    """Eight artifacts that differ in everything that a facet tells."""
    made = []
    for number in range(1, 9):
        kind = ("model", "model", "model", "model", "model", "model", "dataset", "code")[number - 1]
        artifact = make_artifact(f"robot-{number}", kind, number=number, user=f"user-{number % 3}")
        revision = artifact.current_revision
        revision.license = LICENSES[number - 1]
        revision.size_bytes = SIZES[number - 1]
        revision.content_state = list(ContentState)[number % 4]
        revision.source_kind = list(SourceKind)[number % 6]
        revision.card = {"library_name": "Keras" if number % 2 else "timm"}
        revision.save()
        if number <= len(RATINGS):
            make_rating(artifact, **RATINGS[number - 1])
        made.append(artifact)
    make_artifact("robot-hidden", number=9, visible=False)
    return made


@pytest.fixture(params=[False, True], ids=["all-read", "walked"])
def is_walked(request, monkeypatch) -> bool:
    """Whether more fits than is counted, so that the database walks to each page."""
    if request.param:
        monkeypatch.setattr(browsing, "CATALOGUE_COUNTED_MAX", 2)
    return bool(request.param)


def names(found: Findings) -> list[str]:
    return [line.row.name for line in found.lines]


def test_browse_when_a_facet_counts_then_a_click_shows_as_many(shelf):
    whole = browse(Wish())
    facets = [each for each in whole.facets if each.key != "library"]
    assert [each.key for each in facets] == [each.key for each in FACETS]
    for facet in whole.facets:
        # Data sets and code have neither task nor library nor score, and an unrated model has none.
        assert sum(each.count for each in facet.choices) in (8, 6, 5)
        assert len(facet.choices) > 1
        for choice in facet.choices:
            found = browse(Wish(chosen={facet.key: choice.word}))
            assert (found.count, len(found.lines)) == (choice.count, choice.count), choice


def test_browse_when_narrowed_twice_then_both_hold(shelf):
    found = browse(Wish(chosen={"gate": "undecided", "license": "copyleft"}))
    assert names(found) == ["robot-3"]
    (gate,) = [each for each in found.facets if each.key == "gate"]
    assert (gate.chosen.word, gate.chosen.count) == ("undecided", 1)
    assert [each.count for each in gate.choices if not each.is_chosen] == [None] * 5


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", "87654321"), ("score", "13254"), ("name", "12345678"),
        ("smallest", "62783 45".replace(" ", "")), ("largest", "54387 26".replace(" ", "")),
    ],
)  # fmt: skip
def test_browse_when_ordered_then_pages_show_each_once_in_that_order_and_back(
    shelf, order, expected, is_walked, monkeypatch
):
    monkeypatch.setattr(browsing, "CATALOGUE_PAGE_SIZE", 3)
    found, pages = browse(Wish(order=order)), []
    assert not found.before
    while True:
        pages.append(names(found))
        if not found.after:
            break
        found = browse(Wish(order=order, after=found.after))
    listed = [name for page in pages for name in page]
    if order == "score":  # Of two equal ones, either is first.
        listed[1:3] = sorted(listed[1:3], reverse=True)
    assert sorted(listed) == sorted(f"robot-{digit}" for digit in expected)
    if order != "score":
        assert "".join(name[-1] for name in listed) == expected
    for page in pages[-2::-1]:
        found = browse(Wish(order=order, before=found.before))
        assert names(found) == page


def test_browse_when_more_fits_than_is_counted_then_says_so_and_counts_the_newest(
    shelf, monkeypatch
):
    monkeypatch.setattr(browsing, "CATALOGUE_COUNTED_MAX", 2)
    found = browse(Wish())
    assert (found.count, found.is_cut, len(found.lines)) == (2, True, 8)
    (kinds,) = [each for each in found.facets if each.key == "type"]
    assert [(each.word, each.count) for each in kinds.choices] == [("dataset", 1), ("code", 1)]
    narrowed = browse(Wish(chosen={"content": "stored"}))
    assert (narrowed.count, narrowed.is_cut) == (2, False)


def test_browse_when_an_order_leaves_some_out_then_counts_them(shelf):
    assert browse(Wish(order="score")).left_out == 3
    assert browse(Wish(order="smallest")).left_out == 1
    assert browse(Wish(order="name")).left_out == 0


@pytest.mark.parametrize("offset", ["x", "after.1", "after.zz.1", "after.6e6f.1"])
def test_browse_when_an_offset_is_of_no_order_then_refused(shelf, offset, is_walked):
    with pytest.raises(InvalidOffset):
        browse(Wish(order="score", after=offset))


def test_browse_when_a_library_is_chosen_among_few_then_narrows(shelf, monkeypatch):
    found = browse(Wish(chosen={"library": "timm"}))
    assert names(found) == ["robot-6", "robot-4", "robot-2"]
    monkeypatch.setattr(libraries, "LIBRARIES_READ_MAX", 2)
    found = browse(Wish(chosen={"library": "timm"}))
    assert (found.count, found.is_library_open) == (8, True)


# ------------------------------------------------------------------ what is typed


@pytest.fixture
def library() -> None:
    make_artifact("whisper-tiny", number=1, readme="Speech recognition in many languages.")
    make_artifact("Whisper", "code", number=2, readme="Robust speech recognition. 100%_sure")
    make_artifact("squad", "dataset", number=3, readme="Questions; not about whisper at all.")
    make_artifact("ai-2b", "model", number=4, readme="")
    make_artifact("whisper-hidden", number=5, visible=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("whisper", ["Whisper", "whisper-tiny", "squad"]),
        ("WHISPER", ["Whisper", "whisper-tiny", "squad"]),
        ("isper-t", ["whisper-tiny"]),
        ("  speech   languages ", ["whisper-tiny"]),
        ("whisper robust", ["Whisper"]),
        ("whisper ti", ["whisper-tiny"]),
        ("2b", ["ai-2b"]),
        ("AI 2b", ["ai-2b"]),
        ("100%", ["Whisper"]),
        ("100%_sure", ["Whisper"]),
        ("100__sure", []),
        ('"', []),
        ("whisper\\", []),
        ("speech OR questions", []),
        ("model-1-1760000000000001", ["whisper-tiny"]),
        ("http://registry.example/a/model-1-1760000000000001/", ["whisper-tiny"]),
        ("model-5-1760000000000005", []),
        ("acme/whisper-tiny-1", ["whisper-tiny"]),
        ("ACME/Whisper-Tiny-1", ["whisper-tiny"]),
    ],
)
def test_browse_when_typed_then_names_readmes_ids_and_owners_decide(library, text, expected):
    assert names(browse(Wish(text))) == expected


# `make_artifact` registers `huggingface_model:acme/NAME-NUMBER`.
@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/acme/whisper-tiny-1",
        "https://huggingface.co/acme/whisper-tiny-1/",
        "http://www.huggingface.co/acme/whisper-tiny-1",
        "huggingface.co/acme/whisper-tiny-1",
        "hf.co/acme/whisper-tiny-1",
        "https://huggingface.co/ACME/Whisper-Tiny-1",
        "https://huggingface.co/acme/whisper-tiny-1/tree/main",
        "https://huggingface.co/acme/whisper-tiny-1/blob/main/README.md",
        "https://huggingface.co/acme/whisper-tiny-1/tree/main/onnx",
        "<https://huggingface.co/acme/whisper-tiny-1>",
    ],
)
def test_browse_when_a_url_is_typed_in_any_spelling_then_finds_its_source(library, text):
    found = browse(Wish(text))
    assert names(found) == ["whisper-tiny"]
    assert found.url


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("acme/robots//onnx", "tree/main/onnx"),
        ("acme/robots@v1//onnx", "tree/v1/onnx"),
        ("acme/robots@v1", "tree/v1"),
        ("acme/robots@v1", "blob/v1/onnx/a.py"),
        ("acme/robots@v1", "tree/v1/onnx"),
        ("acme/robots", "tree/v1/onnx"),
    ],
)
def test_browse_when_a_part_of_a_repository_is_registered_then_its_address_finds_it(key, path):
    artifact = make_artifact("robots")
    Artifact.objects.filter(pk=artifact.id).update(source_key=f"huggingface_model:{key}")
    assert names(browse(Wish(f"https://huggingface.co/acme/robots/{path}"))) == ["robots"]
    assert names(browse(Wish(f"https://huggingface.co/acme/other/{path}"))) == []


def test_browse_when_too_many_readmes_hold_the_words_then_names_count_alone(library, monkeypatch):
    monkeypatch.setattr(word_index, "READMES_FOUND_MAX", 1)
    monkeypatch.setattr(typed, "READMES_FOUND_MAX", 1)
    found = browse(Wish("whisper"))
    assert (names(found), found.is_names_only) == (["Whisper", "whisper-tiny"], True)


def test_browse_when_an_expression_and_a_version_are_given_then_all_hold(library):
    tagged = Artifact.objects.get(name="whisper-tiny").current_revision
    VersionTag.objects.create(revision=tagged, tag="v1.2.0", version_key=version_key("v1.2.0"))
    assert names(browse(Wish(version="~1.2.0"))) == ["whisper-tiny"]
    assert names(browse(Wish(expression="^[wW]his"))) == ["Whisper", "whisper-tiny"]
    assert names(browse(Wish("speech", expression="^W"))) == ["Whisper"]
    assert names(browse(Wish(expression="^W", version="1.2.0"))) == []
    assert names(browse(Wish(expression="no such thing"))) == []
    with pytest.raises(InvalidExpression):
        browse(Wish(expression="("))
    with pytest.raises(InvalidVersionRange):
        browse(Wish(version="new"))


@pytest.mark.parametrize("text", ["wisper-tiny", "whispr", "acme/whisper-tinny"])
def test_browse_when_nothing_fits_then_offers_near_names(library, text):
    found = browse(Wish(text))
    assert found.lines == ()
    assert "whisper-tiny" in found.nearest


def test_browse_when_shown_then_knows_owner_and_age(library):
    (line,) = browse(Wish("2b")).lines
    assert line.owner == "acme"
    assert line.row.created_at == datetime.fromtimestamp(1_760_000_000.000004, UTC)


def test_page_when_it_is_a_later_one_then_nothing_was_sought(set_limits):
    set_limits(CATALOGUE_PAGE_SIZE=1)
    for number in (901, 902):
        make_artifact(f"wombat-{number}", number=number)
    first = browse(Wish(typed="wombat"))
    later = browse(Wish(typed="wombat", after=first.after))
    back = browse(Wish(typed="wombat", before=later.before))
    assert (len(first.sought), later.sought, back.sought) == (1, (), ())
