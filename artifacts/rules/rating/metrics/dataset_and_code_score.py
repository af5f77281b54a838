"""Which of the things that the model was made from and with are there: data, code, evaluation.

The list is that of the Model Openness Framework (arXiv:2403.13784), as far as one can see it from
outside.
"""

from __future__ import annotations

from artifacts.enums import Part
from artifacts.rules.eval_results import read_model_index
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.claims import find_claims
from artifacts.rules.rating.code_files import find_inference_file, find_training_file
from artifacts.rules.rating.commands import find_training_script
from artifacts.rules.rating.components import Component, say_components
from artifacts.rules.rating.curves import rounded, weighted
from artifacts.rules.rating.dataset_citations import cite_dataset, cite_mention
from artifacts.rules.rating.evidence import CodeFacts, DatasetFacts, Evidence, Missing
from artifacts.rules.rating.examples import find_notebook, shows_training, shows_use
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown
from artifacts.rules.rating.model_names import name_model
from artifacts.rules.rating.training_titles import count_data_words
from artifacts.rules.reading import Readable, ReadState, find_unread
from artifacts.rules.readme import Readme, parse_readme

# Data and code of training make the model again; code of inference is what most people need, and
# most models have it; the rest explains and checks.
_DATA, _DATA_CARD, _TRAINING, _INFERENCE, _EVALUATION = (
    "training data", "documentation of the data", "training code", "inference code", "evaluation",
)  # fmt: skip
_WEIGHTS = {_DATA: 0.35, _DATA_CARD: 0.15, _TRAINING: 0.25, _INFERENCE: 0.15, _EVALUATION: 0.10}
# People may find a data set that is only named; one that its source knows can be fetched.
_NAMED, _FOUND = 0.5, 1.0
# The model's card may describe data that have no card of their own: 60 words are all one can
# expect there, and half of what the data's own card gives.
_FULL_ACCOUNT_WORDS, _ACCOUNT = 60, 0.5
# A script that stands in the card, with which the model was trained, is nearly a file of it.
_SHOWN = 0.75
# How close code is to this model. What is not known to be its own counts as the library's.
_OWN_WITHOUT_TRAINING, _OF_BASE, _OF_LIBRARY = 0.4, 0.3, 0.1
# An example in the card, and a library that runs it, are together as good as code of one's own.
_EXAMPLE, _LIBRARY_RUNS = 0.6, 0.4
# Results without data that one can look up, or told in words and tables only.
_TOLD, _ONLY_TITLED = 0.5, 0.25
_TOLD_LEAST_WORDS = 10
# "Evaluate the policy" tells the reader what to do.
_TO_EVALUATE = Pattern(r"(?i)evaluate |how to |running |run ")
_EVALUATION_TITLE = Pattern(r"(?i)evaluat|benchmark|results?|performance|metrics", before=r"\w")

# Where a model tells of its data and code.
_LOOKED_IN: tuple[Readable, ...] = ("readme", "card")


def judge(evidence: Evidence) -> Result:
    """Add up what is there; one missing thing does not undo the others."""
    if isinstance(evidence.datasets, Missing) and evidence.datasets.try_later:
        return unknown(evidence.datasets.reason, try_later=True)
    if isinstance(evidence.code, Missing) and evidence.code.try_later:
        return unknown(evidence.code.reason, try_later=True)
    readme = parse_readme(evidence.model.readme)
    parts = (
        _training_data(evidence),
        _documentation(evidence, readme),
        _training_code(evidence, readme),
        _inference_code(evidence, readme),
        _evaluation(evidence, readme),
    )
    facts = {
        "components": [
            {"name": each.name, "state": each.state, "share": rounded(each.share),
             "what": each.words, "url": each.url}
            for each in parts
        ],
        "datasets": [each.repository for each in _training(evidence)],
        "code": evidence.code.repository if isinstance(evidence.code, CodeFacts) else "",
    }  # fmt: skip
    is_provisional = any(each.is_to_be_asked for each in parts)
    later = " Not all of it was asked for yet; it is rated again." if is_provisional else ""
    is_read = not find_unread(evidence.model.readings, _LOOKED_IN)
    result = scored(
        rounded(weighted((_WEIGHTS[each.name], each.share) for each in parts)),
        f"{say_components(parts, is_read=is_read)}{later}",
        facts,
        citations=[place for each in parts for place in each.citations],
        is_provisional=is_provisional,
    )
    # A library runs any model: where the card was not read, it would pass for a low score.
    is_known = any(each.share > _LIBRARY_RUNS for each in parts)
    return result if is_known else tell_absence(evidence.model, _LOOKED_IN, result)


def _training(evidence: Evidence) -> list[DatasetFacts]:
    """Return the data sets of training, first those that are found, then by order of mention."""
    named = () if isinstance(evidence.datasets, Missing) else evidence.datasets
    training = [each for each in named if each.purpose == "training"]
    return sorted(training, key=lambda each: not each.is_found)


def _training_data(evidence: Evidence) -> Component:
    """Return how far the data are available: the best data set counts."""
    training = _training(evidence)
    if not training:
        datasets = evidence.datasets
        unread = datasets.reason.rstrip(".") if isinstance(datasets, Missing) else ""
        return Component(_DATA, 0.0, unread or "no name of a data set was found")
    first = training[0]
    others = len(training) - 1
    more = f"; {others} more {'is' if others == 1 else 'are'} named" if others else ""
    state = "" if first.is_found else f", {_say_state(first)}"
    return Component(
        _DATA,
        _FOUND if first.is_found else _NAMED,
        f"{first.repository}{state}{more}",
        first.url,
        (*cite_dataset(first)[-1:], *(cite_mention(evidence.model, each) for each in training[:3])),
        any(each.is_to_be_asked for each in training),
    )


def _say_state(dataset: DatasetFacts) -> str:
    """Say why a data set that is named is not found."""
    if dataset.reading.state is ReadState.NOT_ASKED:
        return "not asked for yet"
    if dataset.reading.state is ReadState.ABSENT:
        return "which the Hub does not show"
    return "named without a link to the Hub" if not dataset.url else "not asked for"


def _documentation(evidence: Evidence, readme: Readme) -> Component:
    """Return how far the data are documented: by their own card, or by that of the model."""
    found = [each for each in _training(evidence) if each.is_found]
    best = max(found, key=lambda each: each.documentation.share(), default=None)
    own = best.documentation.share() if best else 0.0
    account_words = count_data_words(readme)
    account = _ACCOUNT * min(1.0, account_words / _FULL_ACCOUNT_WORDS)
    if best and own and own >= account:
        places = cite_dataset(best)[:1]
        return Component(_DATA_CARD, own, f"the card of {best.repository}", best.url, places)
    states = [each.text_reading.state for each in found]
    is_closed = best is not None and ReadState.NOT_OPENED in states
    if account and not is_closed:
        words = f"{account_words} words in the model's card"
        return Component(_DATA_CARD, account, words, citations=(cite(evidence.model),))
    if best and is_closed:
        words = f"a card of {best.repository} that is closed to us"
        return Component(_DATA_CARD, _ACCOUNT, words, best.url, cite_dataset(best)[:1])
    return Component(_DATA_CARD, 0.0, is_to_be_asked=ReadState.NOT_ASKED in states)


def _training_code(evidence: Evidence, readme: Readme) -> Component:
    """Return how far the code is there with which the model was trained."""
    model = evidence.model
    paths = [each.path for each in model.files if each.part == Part.CODE]
    script = find_training_file(paths) or find_training_script(readme, paths)
    script = script or find_notebook(readme, paths)
    if script:
        place = cite(model, script)
        return Component(_TRAINING, _FOUND, f"{script} beside the model", place.url, (place,))
    own = _of_repository(evidence.code)
    if own.share < _SHOWN and shows_training(readme):
        place = cite(model)
        return Component(_TRAINING, _SHOWN, "a script in the card", place.url, (place,))
    return own


def _of_repository(code: CodeFacts | Missing) -> Component:
    """Return how far a repository has the code of training: the model's own, or another's."""
    if isinstance(code, Missing):
        words = code.reason.rstrip(".")
        return Component(_TRAINING, 0.0, words, is_to_be_asked=code.is_to_be_asked)
    if not code.is_own:
        share = _OF_BASE if code.found_by == "base_model" else _OF_LIBRARY
        return Component(_TRAINING, share, _whose(code), code.url, _cite_code(code))
    waits = isinstance(code.files, Missing) and code.files.is_to_be_asked
    files = () if isinstance(code.files, Missing) else code.files
    found = find_training_file(each.path for each in files)
    if found:
        words = f"{found} in {code.repository}"
        return Component(_TRAINING, _FOUND, words, code.url, _cite_code(code, found))
    lacks = "not looked into yet" if waits else "without a file that is named after training"
    words = f"{code.repository}, {lacks}"
    return Component(_TRAINING, _OWN_WITHOUT_TRAINING, words, code.url, _cite_code(code), waits)


def _inference_code(evidence: Evidence, readme: Readme) -> Component:
    """Return how far the code is there that runs the model."""
    code, model = evidence.code, evidence.model
    example = shows_use(readme)
    script = find_inference_file(each.path for each in model.files if each.part == Part.CODE)
    if isinstance(code, CodeFacts) and code.is_own:
        return Component(_INFERENCE, _FOUND, code.repository, code.url, _cite_code(code))
    if script:
        place = cite(model, script)
        return Component(_INFERENCE, _FOUND, script, place.url, (place,))
    runs = isinstance(code, CodeFacts) or bool(model.library)
    words = " and ".join(
        words
        for words, is_there in (("an example in the card", example), ("the library", runs))
        if is_there
    )
    share = _EXAMPLE * example + _LIBRARY_RUNS * runs
    place = cite(model)
    return Component(_INFERENCE, share, words, place.url * example, (place,) * example)


def _evaluation(evidence: Evidence, readme: Readme) -> Component:
    """Return how far it is told what the model was evaluated with, and what came of it."""
    model = evidence.model
    named = () if isinstance(evidence.datasets, Missing) else evidence.datasets
    data = next((each for each in named if each.purpose == "evaluation"), None)
    names = name_model(model)
    claims = find_claims(readme, names)
    told = claims.in_tables or claims.in_text or claims.in_code
    in_card = any(read_model_index(model.card))
    stated = in_card or bool(model.results)
    if data and (stated or told):
        places = (cite_mention(model, data),)
        return Component(_EVALUATION, _FOUND, f"results, with {data.repository}", data.url, places)
    if stated:
        words = "results in the front matter" if in_card else "results in files"
        return Component(_EVALUATION, _FOUND, words, citations=(cite(model),))
    if data or told:
        words = f"{data.repository} is linked" if data else "results in the card's text"
        return Component(_EVALUATION, _TOLD, words, citations=(cite(model),))
    # "Need more performance?" offers something, and tells of no evaluation.
    titled = (
        each
        for each in readme.sections
        if _EVALUATION_TITLE.search(each.title)
        and not each.title.endswith("?")
        and not _TO_EVALUATE.match(each.title)
    )
    if any(each.word_count >= _TOLD_LEAST_WORDS for each in titled):
        words = "a section on it, without results"
        return Component(_EVALUATION, _ONLY_TITLED, words, citations=(cite(model),))
    return Component(_EVALUATION, 0.0)


def _whose(code: CodeFacts) -> str:
    """Say whose code it is, if it is not the model's own."""
    if code.found_by == "base_model":
        return f"only that of its base model, {code.repository}"
    return f"only that of the library which loads it, {code.repository}"


def _cite_code(code: CodeFacts, path: str = "") -> tuple[Citation, ...]:
    """Return a place in a code repository."""
    return (Citation(f"{code.url}/blob/HEAD/{path}" if path else code.url, path),)


METRIC = Metric(
    name=MetricName.DATASET_AND_CODE_SCORE,
    sentence="Whether the data that the model was trained on and the code that made it are there.",
    scale=Scale(
        zero="No data, no code, no example, and nothing about either.",
        middle="The data can be fetched, the code is only that of a library; or the code is there, "
        "and the data are only described.",
        one="A documented data set that can be fetched, the model's own code of training and "
        "inference, and results on data that are named.",
        unknown="A source that would have to be asked did not answer, or the card could not be "
        "read.",
    ),
    sources=(
        "White et al., The Model Openness Framework, arXiv:2403.13784",
        "Pineau et al., Improving Reproducibility in Machine Learning Research, arXiv:2003.12206",
        "Hugging Face, Model Cards (datasets, links to the repository)",
    ),
    judge=judge,
    uses=("datasets", "code"),
)
