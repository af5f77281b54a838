"""Whether the data and the code behind the model are there."""

from __future__ import annotations

import math

from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.evidence import CodeFacts, DatasetFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown
from artifacts.rules.readme import parse_readme

# A data set that is only named may be found by hand; one that its source knows can be fetched.
_NAMED, _FOUND = 0.5, 1.0
# How near code is to the making of this model: its own repository, that of the model it was made
# from, or merely that of the library that loads it.
_CODE = {"card": 0.7, "readme": 0.7, "base_model": 0.5, "library": 0.2}
# Code in the model's own repository, such as its training script.
_OWN_CODE = 0.5
_EXAMPLE = 0.3


def judge(evidence: Evidence) -> Result:
    """Take the geometric mean of data and code: without either, nobody can make the model again."""
    if isinstance(evidence.datasets, Missing) and evidence.datasets.try_later:
        return unknown(evidence.datasets.reason, try_later=True)
    if isinstance(evidence.code, Missing) and evidence.code.try_later:
        return unknown(evidence.code.reason, try_later=True)
    named = () if isinstance(evidence.datasets, Missing) else evidence.datasets
    training = [each for each in named if each.purpose == "training"]
    data, code = _data(training), _code(evidence)
    facts = {
        "datasets": [each.repository for each in training],
        "code": evidence.code.repository if isinstance(evidence.code, CodeFacts) else "",
        "data_share": data,
        "code_share": rounded(code),
    }
    data_words = (
        "no data set of training is named"
        if not training
        else f"{training[0].repository} is {'there' if data == _FOUND else 'only named'}"
    )
    reason = f"Of the data, {data_words}; of the code, {_code_words(evidence)}."
    return scored(rounded(math.sqrt(data * code)), reason, facts)


def _data(training: list[DatasetFacts]) -> float:
    """Return how far the data are there: the best of them counts."""
    return max((_FOUND if each.is_found else _NAMED for each in training), default=0.0)


def _code(evidence: Evidence) -> float:
    """Return how far the code is there."""
    code = evidence.code
    linked = 0.0 if isinstance(code, Missing) else _CODE[code.found_by]
    has_own = any(
        file.part == "code" and file.path.endswith(".py") for file in evidence.model.files
    )
    blocks = parse_readme(evidence.model.readme).code_blocks
    example = any(not block.is_citation for block in blocks)
    return max(linked, _OWN_CODE * has_own) + _EXAMPLE * example


def _code_words(evidence: Evidence) -> str:
    """Say where the code is."""
    code = evidence.code
    if isinstance(code, Missing):
        return code.reason.rstrip(".")
    by = {
        "card": "the card names {}",
        "readme": "the card links to {}",
        "base_model": "there is that of its base model, {}",
        "library": "there is only that of the library which loads it, {}",
    }
    return by[code.found_by].format(code.repository)


METRIC = Metric(
    name="dataset_and_code_score",
    title="Data set and code",
    sentence="Whether the data that the model was trained on and the code that made it are there.",
    scale=Scale(
        zero="Either the data or the code is missing altogether.",
        middle="The data are only named, or the code is only that of the base model.",
        one="A data set that can be fetched, the model's own code, and an example of use.",
        unknown="A source that would have to be asked did not answer.",
    ),
    sources=(
        "Pineau et al., Improving Reproducibility in Machine Learning Research, arXiv:2003.12206",
        "Hugging Face, Model Cards (datasets, links to the repository)",
    ),
    judge=judge,
    uses=("datasets", "code"),
)
