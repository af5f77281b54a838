"""How soon a newcomer can use the model."""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.rules.patterns import Pattern, count_words_in_any_script
from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.commands import list_commands
from artifacts.rules.rating.curves import rounded, saturating, weighted
from artifacts.rules.rating.evidence import Evidence, ModelFacts
from artifacts.rules.rating.examples import find_start, is_gap, shows_use
from artifacts.rules.rating.languages import find_topics
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored
from artifacts.rules.rating.training_titles import own_title
from artifacts.rules.readme import CodeBlock, Readme, parse_readme

# What a newcomer needs first weighs most: an explanation, and an example to start from.
_EXPLANATION, _EXAMPLE, _TOPICS, _INTERFACE = 0.30, 0.30, 0.15, 0.25
# 100 words make a paragraph about the model and one about its use: half of what helps.
_HALF_WORDS = 100
# Instructions in words, or commands that only install or fetch, help less than code to copy.
_PLAIN_EXAMPLE = 0.5
_TOPIC_PATTERNS = {
    "use": Pattern(
        r"use|usage|how to|getting started|get started|quick ?start|inference|example|demo"
        r"|install and run",
        before=r"\w",
    ),
    "limits": Pattern(
        r"limit|bias|risk|out.of.scope|caveat|intended|known (?:issue|problem)|failure",
        before=r"\w",
    ),
    "training": Pattern(r"train|fine.?tun|procedure|hyper.?parameter|data", before=r"\w"),
    "description": Pattern(
        r"description|details|overview|model|architecture|background|about", before=r"\w"
    ),
}
# "Run it", "Load the model": such words count where they are the whole heading.
_TO_RUN = Pattern(
    r"(?i)\W*(?:(?:how to )?(?:run(?:ning)?|load(?:ing)?|call(?:ing)?|try(?:ing)?)"
    r"(?: (?:it|the model|this model|locally|with [\w. -]{1,40}))?|predict(?:ing)?"
    r"|deploy|deploying|deployment)\W*"
)
# A heading counts only if there is text below it.
_TOPIC_LEAST_WORDS = 8
# Sentences of templates, found in cards that nobody wrote (huggingface_hub,
# `templates/modelcard_template.md`; transformers, automatically generated cards). What is filled in
# has a bound, or each search would read to the end; ASCII keeps the program small.
TEMPLATE = Pattern(
    r"(?im)this is the model card of a .{0,40}model that has been pushed on the hub\."
    r"( this model card has been automatically generated\.?)?"
    r"|users \(both direct and downstream\) should be made aware of the risks, biases and "
    r"limitations of the model\.|for further recommendations\."
    r"|use the code below to get started with the model\.?"
    r"|this model is a fine-tuned version of [ -~]{1,140} on (?:the|an) [ -~]{1,60} dataset\.?"
    r"|it achieves the following results on the evaluation set:|^more information needed\.?$"
    r"|the following hyperparameters were used during training:"
    r"|this policy has been trained and pushed to the hub using [ -~]{1,80}$"
    r"|^action chunking with transformers \(act\) is an imitation[ -~]*$"
    r"|^diffusion policy treats visuomotor control [ -~]*$"
    r"|^smolvla is a compact, efficient [ -~]*$"
    r"|^(?:see the full documentation at|for a complete walkthrough, see the) [ -~]{1,80}$"
    r"|^below is the short version on how to train and run inference/eval:"
    r"|^.{0,2}writes checkpoints to [ -~]{1,80}$|^prefix the dataset repo with [ -~]{1,120}$"
    r"|carbon emissions can be estimated using the .{0,80}presented in .{0,60}\."
    r"|^[ \t]*[-*]?[ \t]*\w[\w ,()]{1,40}:[ \t]*$"
)
# The same of fastai (huggingface_hub, `fastai_utils.py`), which asks the owner to replace it.
_LEFT_ALONE = Pattern(
    r"(?i)congratulations on hosting your fastai model on the hugging face hub!?"
    r"|fill out this model card with more information"
    r"(?: \(see the template below and the documentation here\))?!?"
    r"|create a demo in gradio or streamlit using [^\n]{0,3}spaces(?: \(documentation here\))?\.?"
    r"|join the fastai community on the fastai discord!?|greetings fellow fastlearner"
    r"|don.t forget to delete this content from your model card\.?"
)
# "Loss: 0.29", and cells of tables: results and settings, which explain nothing.
_NUMBERS = Pattern(r"(?m)^[ \t]*[-*]?[ \t]*[\w@./ -]{1,60}: [-+\d.,e%]+[ \t]*$|^[-+|\d.,e% \t]+$")
# Files that let a library load the model without further information.
_INTERFACE_FILES = frozenset((
    "config.json", "model_index.json", "modules.json", "adapter_config.json", "hyperparams.yaml",
    "config.yaml", "open_clip_config.json", "config.cfg", "gliner_config.json",
))  # fmt: skip
# Formats that hold the architecture as well.
_INTERFACE_ENDINGS = (
    ".gguf", ".keras", ".nemo", ".dduf", ".tflite", ".task", ".litertlm", ".onnx", ".mlmodel",
    "saved_model.pb",
)  # fmt: skip


def judge(evidence: Evidence) -> Result:
    """Weigh explanation, example, topics and interface."""
    model = evidence.model
    readme = parse_readme(model.readme)
    words = own_words(readme)
    topics = _topics(readme)
    start = find_start(readme)
    example = _example(readme, start)
    interface = _interface(model)
    score = weighted((
        (_EXPLANATION, saturating(words, _HALF_WORDS)),
        (_EXAMPLE, example),
        (_TOPICS, len(topics) / len(_TOPIC_PATTERNS)),
        (_INTERFACE, sum(interface.values()) / len(interface)),
    ))  # fmt: skip
    has = [name for name, present in interface.items() if present]
    told = (
        f"The card {f'explains the model in {words}' if words else 'has no'} words of its own"
        f", {_say_example(example, start)}; "
        f"it covers {', '.join(topics) or 'none of the usual topics'}."
        if model.readme.strip()
        else "There is no card."
    )
    reason = f"{told} For a library there is {', '.join(has) or 'nothing to go by'}."
    facts = {"words": words, "example": example, "topics": list(topics), "interface": interface}
    found = scored(rounded(score), reason, facts, citations=_cite(model, readme, start))
    # Without the text, even what is known of it says that all else is absent.
    return tell_absence(model, ("readme",), found)


def _cite(model: ModelFacts, readme: Readme, start: CodeBlock | None) -> Iterator[Citation]:
    """Yield the first words of the card, its code, and the file that a library reads."""
    words = next((each.text for each in readme.sections if each.text.strip()), "")
    yield from (cite(model, quote=each) for each in (words, start.text if start else "") if each)
    yield from (cite(model, file.path) for file in model.files if is_interface(file.path))


def own_words(readme: Readme) -> int:
    """Count the words that were written for this card; a template's words do not count."""
    texts = (_of_owner(_NUMBERS.sub(" ", each.text)) for each in readme.sections)
    return sum(map(count_words_in_any_script, texts))


def _of_owner(text: str) -> str:
    """Return a text without what templates left in it."""
    return _LEFT_ALONE.sub(" ", TEMPLATE.sub(" ", text))


def _topics(readme: Readme) -> tuple[str, ...]:
    """Return the topics whose heading has text below it."""
    name = _find_name(readme)
    titles = _told_titles(readme)
    # "A network trained with X" is the name of the card, and no account of the training.
    title = name.lower()
    told = titles - {title}
    foreign = frozenset[str]().union(*map(find_topics, told))
    return tuple(
        topic
        for topic, each in _TOPIC_PATTERNS.items()
        if topic in foreign
        or any(map(each.search, told))
        or (topic == "use" and any(map(_TO_RUN.fullmatch, told)))
        or (topic == "description" and title in titles - {""})
    )


def _find_name(readme: Readme) -> str:
    """Return the title of the whole card, "" for none."""
    first = next((each for each in readme.sections if each.title), None)
    return own_title(readme) if first is not None and first.level == 1 else ""


def _told_titles(readme: Readme) -> set[str]:
    """Return the titles, in lower case, below which something is told."""
    with_code = {
        block.section for block in readme.code_blocks if not block.is_citation and not is_gap(block)
    }
    name = _find_name(readme)
    # What stands below a heading of lower rank is about the topics of all headings above it, too.
    return {
        title.lower()
        for section in readme.sections
        if section.title in with_code
        or count_words_in_any_script(_of_owner(section.text)) >= _TOPIC_LEAST_WORDS
        for title in (section.title, *(each for each in section.path if each != name))
    }


def _example(readme: Readme, start: CodeBlock | None) -> float:
    """Return 1 for code, 0.5 for a section on use in words or what only fetches, 0 for neither."""
    if shows_use(readme):
        return 1.0
    return _PLAIN_EXAMPLE if start is not None or "use" in _topics(readme) else 0.0


def _say_example(example: float, start: CodeBlock | None) -> str:
    """Say what there is to start from."""
    if example == 1:
        return "with code to start from"
    if start is not None:
        trains = any(list_commands(start.text))
        what = "train" if trains else "install something or fetch the files"
        return f"with commands that only {what}"
    return "without a block of code to start from"


def _interface(model: ModelFacts) -> dict[str, bool]:
    """Return which information for libraries and searches is present."""
    return {
        "library": bool(model.library),
        "task": bool(model.task),
        "configuration": any(is_interface(file.path) for file in model.files),
    }


def is_interface(path: str) -> bool:
    """Whether a file lets a library load the model."""
    return path.rpartition("/")[2] in _INTERFACE_FILES or path.endswith(_INTERFACE_ENDINGS)


METRIC = Metric(
    name=MetricName.RAMP_UP_TIME,
    sentence="How soon somebody who has never seen the model can use it.",
    scale=Scale(
        zero="There is no card, and nothing that a library could load by itself.",
        middle="A short card, or a long one without an example; a library can load the files.",
        one="A full card with code to start from, on use, limits and training, for a known library "
        "and task.",
        unknown="The card could not be read; that one is missing is known, and scores 0.",
    ),
    sources=(
        "Hugging Face, Model Cards (hub documentation): sections, library_name, pipeline_tag",
        "Mitchell et al., Model Cards for Model Reporting, arXiv:1810.03993",
    ),
    judge=judge,
)
