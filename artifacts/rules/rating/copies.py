"""Whether a model's card or weights are another model's, and which of the two is the original.

What a copied card claims is true of the original, if at all. A stranger may register the copy
first, or publish it in an old repository: one sign of many is never enough against the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.attribution import CopyFacts
from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.metric import CITATIONS_MAX, MetricName, Result
from artifacts.rules.rating.ownership import has_same_owner, names_model

# So much of the original's card has to be in the copy, and of the copy's in the original's: a card
# that quotes another, with as much text of its own, is none.
_COPIED_SHARE, _OF_COPY_SHARE = 0.8, 0.5
# Without any name in common, only long and nearly equal cards are no accident.
_LONG_PHRASES, _NEARLY_EQUAL_SHARE = 150, 0.95
# Programs write such cards, and people give such models the same names.
_GENERATED = Pattern(
    r"(?i)generated_from_\w|generated automatically|automatically generated|auto-?generated"
    r"|autotrain|pytorch_model_hub_mixin|created using mergekit|gguf-my-repo"
)
# The Hub gives dates to the second; a day apart is not the same upload in two places.
_EARLIER_S = 86_400
# So many times the downloads show which of two people know.
_MORE_DOWNLOADS = 10
# What is left of each score when the card is another model's: the claims are not this model's, and
# the explanations help only as far as the models are alike.
_LEFT = {
    MetricName.RAMP_UP_TIME: 0.5,
    MetricName.PERFORMANCE_CLAIMS: 0.0,
    MetricName.DATASET_AND_CODE_SCORE: 0.0,
    MetricName.DATASET_QUALITY: 0.0,
    MetricName.REPRODUCIBILITY: 0.0,
}
# The same for a model that names the other as its base: only the results are the base's.
_LEFT_OF_DERIVED = {MetricName.PERFORMANCE_CLAIMS: 0.0}


@dataclass(frozen=True)
class Publication:
    """A model as somebody published it.

    Attributes:
        repository: its name at its source.
        phrases: of its card; see `phrases.read_phrases`.
        weights: the digests of its files of weights.
        bases: names of the models that it states as its bases, in lower case.
        created_at: ISO 8601, "" for unknown.
        downloads: None for unknown.
        is_upload: whether it was uploaded here: such models are of the registry's own people.
        artifact_id: "" for one that is not registered yet.
    """

    repository: str
    readme: str
    phrases: frozenset[int]
    weights: frozenset[str]
    bases: frozenset[str]
    created_at: str = ""
    downloads: int | None = None
    is_upload: bool = False
    url: str = ""
    artifact_id: str = ""


def judge_copy(ours: Publication, theirs: Publication) -> CopyFacts | None:
    """Return how our model copies theirs; None if it does not, or if ours is the original."""
    if theirs.is_upload or has_same_owner(ours.repository, theirs.repository):
        return None
    if ours.repository.lower() in theirs.bases or ours.bases & theirs.bases:
        return None  # Theirs derives from ours, or both repeat the card of one base.
    share = _copied_share(ours, theirs)
    has_weights = bool(ours.weights) and ours.weights <= theirs.weights
    if not share and not has_weights:
        return None
    is_derived = theirs.repository.lower() in ours.bases
    is_original, why = (
        (False, "ours names it as its base") if is_derived else _compare(ours, theirs)
    )
    if is_original:
        return None
    return CopyFacts(
        original=theirs.repository,
        artifact_id=theirs.artifact_id,
        url=theirs.url,
        share=rounded(share),
        has_weights=has_weights,
        reason=why,
        is_certain=bool(why),
        is_derived=is_derived,
        is_tied=has_weights or is_derived or _are_tied(ours, theirs),
    )


def discount(results: Mapping[str, Result], copy: CopyFacts | None) -> dict[str, Result]:
    """Return the results without credit for what is claimed about another model."""
    if copy is None or not copy.is_certain:
        return dict(results)
    left = _LEFT_OF_DERIVED if copy.is_derived else _LEFT
    return {
        name: _discounted(result, left[MetricName(name)], copy) if name in left else result
        for name, result in results.items()
    }


def _discounted(result: Result, left: float, copy: CopyFacts) -> Result:
    """Return what is left of a result."""
    if not result.score:
        return result
    return replace(
        result,
        score=rounded(left * result.score),
        reason=f"{copy.sentence} What it claims is not credited to this model. {result.reason}",
        facts={**result.facts, "copy_of": copy.original},
        citations=(Citation(copy.url), *result.citations)[:CITATIONS_MAX],
    )


def _copied_share(ours: Publication, theirs: Publication) -> float:
    """Return how much of their card is in ours, 0 if that is no copy."""
    common = len(ours.phrases & theirs.phrases)
    if not common or common < _OF_COPY_SHARE * len(ours.phrases):
        return 0.0
    share = common / len(theirs.phrases)
    if share < _COPIED_SHARE:
        return 0.0
    is_alike = common >= _LONG_PHRASES and common >= _NEARLY_EQUAL_SHARE * len(
        ours.phrases | theirs.phrases
    )
    return share if is_alike or _are_tied(ours, theirs) else 0.0


def _are_tied(ours: Publication, theirs: Publication) -> bool:
    """Whether names tie two models whose cards have much in common.

    Either card names the other model, or both have one name; but a program may give both.
    """
    if names_model(theirs.repository, ours.readme) or names_model(ours.repository, theirs.readme):
        return True
    is_generated = any(_GENERATED.search(each.readme) for each in (ours, theirs))
    return not is_generated and _short_name(ours) == _short_name(theirs)


def _compare(ours: Publication, theirs: Publication) -> tuple[bool, str]:
    """Return whether ours is the original, and why; "" if nothing tells which one is.

    What the cards name decides, then age and downloads together. Who came to this registry first
    decides nothing: a stranger may be the first.
    """
    we_name_them, they_name_us = _names_only(ours, theirs), _names_only(theirs, ours)
    if we_name_them != they_name_us:
        return they_name_us, "this model's own card names it"
    older = _find_older(ours, theirs)
    known = _find_better_known(ours, theirs)
    if {older, known} == {"ours", "theirs"} or not (older or known):
        return False, ""
    signs = (
        (older, "was published earlier"),
        (known, f"has over {_MORE_DOWNLOADS} times the downloads"),
    )
    return (older or known) == "ours", " and ".join(f"it {each}" for whose, each in signs if whose)


def _names_only(one: Publication, other: Publication) -> bool:
    """Whether a model's card names the other model and not itself."""
    return names_model(other.repository, one.readme) and not names_model(one.repository, one.readme)


def _find_older(ours: Publication, theirs: Publication) -> str:
    """Return which of two was published earlier, "" for unknown or about the same time."""
    our_date, their_date = _parse_date(ours.created_at), _parse_date(theirs.created_at)
    if our_date is None or their_date is None:
        return ""
    apart_s = (our_date - their_date).total_seconds()
    if abs(apart_s) < _EARLIER_S:
        return ""
    return "theirs" if apart_s > 0 else "ours"


def _find_better_known(ours: Publication, theirs: Publication) -> str:
    """Return which of two has far more downloads, "" if neither has or one is not counted."""
    if ours.downloads is None or theirs.downloads is None:
        return ""
    if theirs.downloads > _MORE_DOWNLOADS * max(ours.downloads, 1):
        return "theirs"
    return "ours" if ours.downloads > _MORE_DOWNLOADS * max(theirs.downloads, 1) else ""


def _parse_date(text: str) -> datetime | None:
    """Return a date of the Hub with its zone, None for anything else."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else None


def _short_name(publication: Publication) -> str:
    """Return a model's name without its owner, hyphens and case."""
    name = publication.repository.rpartition("/")[2].lower()
    return "".join(each for each in name if each.isalnum())
