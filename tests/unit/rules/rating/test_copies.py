"""Whether a card is another model's, which of the two is the original, and what that costs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from artifacts.rules.rating.attribution import CopyFacts
from artifacts.rules.rating.copies import Publication, discount, judge_copy
from artifacts.rules.rating.judgement import judge
from artifacts.rules.rating.metric import MetricName
from artifacts.rules.rating.phrases import choose_marks, read_phrases
from tests.factories.evidence import CARD, make_model, rich_evidence
from tests.unit.rules.rating.test_properties import evidences

EARLY, LATE = "2024-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z"
NAMELESS = CARD.replace("acme/robot", "robot")


def publish(repository: str, readme: str = NAMELESS, weights=(), bases=(), **changes):
    return Publication(
        repository, readme, read_phrases(readme), frozenset(weights), frozenset(bases), **changes
    )


def judge_both(ours: Publication, theirs: Publication):
    """Who copies, by the judgement of each side."""
    return judge_copy(ours, theirs), judge_copy(theirs, ours)


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        pytest.param({"readme": CARD}, {"readme": CARD}, id="the card names it"),
        pytest.param(
            {"readme": CARD, "created_at": LATE, "downloads": 1},
            {"readme": CARD, "created_at": EARLY, "downloads": 10**6},
            id="its name counts more than age and downloads",
        ),
        pytest.param({"created_at": EARLY}, {"created_at": LATE}, id="earlier"),
        pytest.param({"downloads": 9_000}, {"downloads": 4}, id="better known"),
        pytest.param(
            {"created_at": EARLY, "downloads": 9_000}, {"created_at": LATE, "downloads": 4},
            id="earlier and better known",
        ),
        pytest.param(
            {"readme": CARD, "created_at": EARLY},
            {"readme": CARD.replace("acme/robot", "xx/robot"), "created_at": LATE},
            id="each names itself",
        ),
        pytest.param(
            {"readme": CARD}, {"readme": CARD + "\nDownload it, run it, and tell your friends.\n"},
            id="with a sentence more",
        ),
    ],
)  # fmt: skip
def test_copy_when_one_of_two_is_the_original_then_only_the_other_copies(original, copy):
    first, second = publish("acme/robot", **original), publish("xx/robot", **copy)
    of_original, of_copy = judge_both(first, second)
    assert of_original is None
    assert of_copy is not None
    assert (of_copy.original, of_copy.is_certain) == ("acme/robot", True)
    assert "acme/robot, the original, since" in of_copy.sentence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {}, id="nothing is known"),
        pytest.param(
            {"created_at": EARLY, "downloads": 4}, {"created_at": LATE, "downloads": 9_000},
            id="an old repository that nobody uses",
        ),
        pytest.param({"created_at": EARLY}, {"created_at": EARLY}, id="of the same day"),
        pytest.param({"created_at": "soon"}, {"created_at": LATE}, id="no date"),
        pytest.param({"created_at": "2024-01-01"}, {"created_at": LATE}, id="no zone"),
        pytest.param({"downloads": 5}, {"downloads": 9}, id="hardly better known"),
    ],
)  # fmt: skip
def test_copy_when_nothing_tells_which_is_the_original_then_said_and_nobody_loses(one, other):
    for found in judge_both(publish("acme/robot", **one), publish("xx/robot", **other)):
        assert found is not None
        assert not found.is_certain
        assert "nothing tells" in found.sentence
        assert discount(RESULTS, found) == RESULTS


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(publish("Acme/robot-2"), id="the same owner"),
        pytest.param(publish("xx/robot", is_upload=True), id="an upload"),
        pytest.param(publish("xx/robot", "# Robot\n\nA few words."), id="another card"),
        pytest.param(publish("xx/robot", bases=["acme/robot"]), id="what was made from ours"),
        pytest.param(publish("xx/other", bases=["lab/base"]), id="of the same base"),
        pytest.param(
            publish("xx/toaster", "# Toaster\n\n" + CARD[20:]), id="a short text's likeness"
        ),
    ],
)
def test_copy_when_it_is_none_then_none(theirs):
    ours = publish("acme/robot", bases=["lab/base"])
    assert judge_copy(ours, theirs) is None


def test_copy_when_much_of_the_text_is_its_own_then_none():
    own = "\n\n" + " ".join(f"sentence{number}" for number in range(200))
    assert judge_copy(publish("xx/robot", CARD + own), publish("acme/robot", CARD)) is None


LONG = "# A\n\n" + " ".join(f"sentence{number}" for number in range(200))


def test_copy_when_a_long_card_is_equal_then_found_under_any_name():
    ours, theirs = publish("xx/toaster", LONG), publish("acme/robot", LONG, created_at=EARLY)
    found = judge_copy(ours, theirs)
    assert found is not None
    assert not found.is_tied
    other = LONG.replace("sentence1", "word1")
    assert judge_copy(publish("xx/toaster", other), theirs) is None


@pytest.mark.parametrize(
    "sign", ["generated_from_trainer", "<!-- Generated automatically. -->", "Made by AutoTrain."]
)
def test_copy_when_a_program_wrote_both_cards_then_one_name_proves_nothing(sign):
    ours, theirs = (publish(name, f"{NAMELESS}\n\n{sign}") for name in ("a/robot", "b/robot"))
    assert judge_copy(ours, theirs) is None
    named = publish("a/robot", f"{NAMELESS}\n\n{sign} See b/robot.")
    assert judge_copy(named, theirs) is not None


def test_copy_when_the_weights_are_anothers_then_found_under_any_card():
    ours = publish("xx/toaster", "# Toaster", ["sha256:1"], created_at=LATE)
    theirs = publish("acme/robot", CARD, ["sha256:1", "sha256:2"], created_at=EARLY)
    found = judge_copy(ours, theirs)
    assert found is not None
    assert (found.has_weights, found.share) == (True, 0)
    assert found.sentence.startswith("The weights equal those of acme/robot, the original")
    assert judge_copy(replace(ours, weights=frozenset({"sha256:1", "sha256:3"})), theirs) is None


def test_copy_when_the_base_is_stated_then_only_the_results_are_the_bases():
    ours = publish("xx/robot-gguf", CARD, bases=["acme/robot"], created_at=EARLY)
    found = judge_copy(ours, publish("acme/robot", CARD, created_at=LATE))
    assert found is not None
    assert found.is_derived
    left = discount(RESULTS, found)
    changed = {name for name, result in left.items() if result != RESULTS[name]}
    assert changed == {MetricName.PERFORMANCE_CLAIMS}


@pytest.mark.parametrize(
    "readme",
    [
        pytest.param("", id="none"),
        pytest.param("# A\n\nRobot.", id="too short"),
        pytest.param(
            "<!-- This model card has been generated automatically according to the information "
            "the Trainer had access to. -->\n\n# a\n\nThis model is a fine-tuned version of "
            "[b](https://x.io) on the tea data set.\nIt achieves the following results on the "
            "evaluation set:\n- Loss: 0.1\n\n## Model description\n\nMore information needed\n\n"
            "## Training\n\nThe following hyperparameters were used during training:\n"
            "- learning_rate: 2e-05\n- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08\n",
            id="a program's",
        ),
    ],
)
def test_phrases_when_a_card_has_few_words_of_its_own_then_none(readme):
    assert not read_phrases(readme)


def test_marks_when_a_card_changes_a_little_then_most_stay():
    one, other = (
        set(choose_marks(read_phrases(each))) for each in (CARD, CARD.replace("Acme", "Umbrella"))
    )
    assert len(one) == 32
    assert len(one & other) > 16


COPIED = CopyFacts(
    "acme/robot", "model-1-1", "https://huggingface.co/acme/robot", 1.0, has_weights=False,
    reason="it was published earlier", is_certain=True, is_derived=False,
    is_tied=True,
)  # fmt: skip
RESULTS = judge(rich_evidence(), {}).results


@pytest.mark.slow
@settings(max_examples=60)
@given(evidences)
def test_score_when_the_card_is_copied_then_never_above_the_originals(evidence):
    original = judge(evidence, {})
    copied = judge(replace(evidence, copy=COPIED), {})
    assert copied.net_score <= original.net_score
    for name, result in copied.results.items():
        assert (result.score or 0) <= (original.results[name].score or 0)


def test_score_when_a_good_card_is_copied_then_clearly_below_the_originals():
    evidence = rich_evidence()
    copied = judge(replace(evidence, copy=COPIED), {})
    assert copied.net_score < judge(evidence, {}).net_score - 0.05
    claims = copied.results[MetricName.PERFORMANCE_CLAIMS]
    assert claims.score == 0
    assert claims.reason.startswith("The card equals that of acme/robot")
    assert claims.citations[0].url == COPIED.url


def test_score_when_a_card_of_words_alone_is_copied_then_below_the_originals():
    evidence = replace(rich_evidence(), model=make_model(readme=CARD.split("## How")[0]))
    copied = judge(replace(evidence, copy=COPIED), {})
    assert copied.net_score < judge(evidence, {}).net_score
