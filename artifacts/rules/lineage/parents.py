"""Finding a model's parents in structured metadata. A false parent is worse than none.

Source: Hugging Face, Model Cards, "Specifying a base model" (base_model, base_model_relation) and
the tags that the Hub derives from it; transformers, PretrainedConfig (`_name_or_path`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from artifacts.enums import ParentOrigin, Relationship
from artifacts.limits import PARENTS_MAX
from artifacts.rules.letters import without_unseen
from artifacts.rules.lineage.merge_bases import find_merged
from artifacts.rules.lineage.prose_bases import find_prose_base
from artifacts.rules.names import is_hub_name_part
from artifacts.rules.page_urls import read_address, read_path
from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Readme
from artifacts.rules.values import read_strings

# Relationships that a card or a tag can state.
_STATED = (
    Relationship.FINETUNE, Relationship.ADAPTER, Relationship.MERGE, Relationship.QUANTIZED,
)  # fmt: skip
# Where configurations name what a model was made from: PEFT's of an adapter, transformers'.
_CONFIG_KEYS = {
    "base_model_name_or_path": Relationship.ADAPTER, "_name_or_path": Relationship.BASE_MODEL,
}  # fmt: skip
# Pages of the model count, too: its files, one of its branches. So do the address of its API, that
# of the Hub's own file system (`hf://`) and the mirror's that people in China use.
_HUB_ADDRESS = Pattern(
    r"(?:(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?:api/models/)?|hf://)"
    r"([^/?#]+/[^/?#]+)(?:[/?#].*)?"
)
# Where a base model that is a mapping has its name, as configurations of training do.
_NAME_KEYS = ("name", "model", "id", "model_id", "repo_id", "path", "url")
# What stands between several names in one text, around one, and behind one: a remark in brackets.
_BETWEEN = Pattern(r"[,;\n]|\s(?:and|or|&|\+)\s")
_REMARK = " ("
_AROUND = " \t\r\"'`<>\u2018\u2019\u201c\u201d"
# First parts of two-part paths that are folders on somebody's disk, not owners.
_FOLDERS = frozenset((
    "checkpoint", "checkpoints", "ckpt", "ckpts", "content", "data", "drive", "exp", "experiments",
    "home", "kaggle", "local", "log", "logs", "mnt", "model", "models", "out", "output", "outputs",
    "opt", "pretrained", "results", "root", "run", "runs", "save", "saved", "saved_models",
    "scratch", "src", "temp", "tmp", "trained", "training", "usr", "weights", "work", "workspace",
))  # fmt: skip
# Folder names that training scripts use.
_CHECKPOINT = Pattern(
    r"(?i)(?:^|/)(?:checkpoint|ckpt|epoch|step|iter|version|run)s?[-_]?\d*$"
    r"|\.(?:bin|pt|pth|ckpt|safetensors|json|gguf|onnx)$"
)
# What people write for no base model, and what a template leaves where nobody wrote.
_NOTHING = frozenset(("none", "null", "n/a", "na", "no", "nil", "unknown", "scratch", "base_model"))
# First parts of addresses on the Hub that are not owners of models.
_PAGES = frozenset((
    "api", "blog", "collections", "datasets", "docs", "learn", "new", "organizations", "papers",
    "pricing", "settings", "spaces", "tasks",
))  # fmt: skip
_NO_OWNERS = _FOLDERS | _PAGES
# The Hub no longer gives names without an owner; the old ones have this form.
_OLD_NAME = Pattern(
    r"(?:bert|distilbert|roberta|distilroberta|gpt2|distilgpt2|t5|albert|xlm|xlnet|openai-gpt|ctrl"
    r"|transfo-xl|camembert)(?:[-_][a-z0-9-]+)*"
)


@dataclass(frozen=True)
class ParentReference:
    """A parent by its name on the Hub.

    Attributes:
        repository: such as `google-bert/bert-base-uncased`, or an old name without an owner.
        relationship: any except those of data sets and code.
        origin: the README for what only a sentence says.
    """

    repository: str
    relationship: Relationship
    origin: ParentOrigin


def find_parents(
    *,
    repository: str,
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    tags: Sequence[str],
    paths: Sequence[str] = (),
    readme: Readme | None = None,
    merged: Sequence[str] = (),
) -> tuple[ParentReference, ...]:
    """Return each parent of a model once: the card takes precedence, then tags, then config.json.

    What a configuration of a merge names comes next, wherever it stands. What the card says in a
    sentence counts only where all of these name none.

    Args:
        repository: the model's own name; no model is its own parent.
        merged: the models that the configuration of a merge names, beside the weights.
        paths: of its files; a repository that holds only converted weights counts as a conversion
            of the model that its card names, unless another relationship is stated.
    """
    found: dict[str, ParentReference] = {}
    of_merge = _of_merge(merged, readme)
    for parent in (*_of_card(card), *_of_tags(tags), *_of_config(config), *of_merge):
        name = parent.repository.lower()
        if name == repository.lower():
            continue
        known = found.get(name)
        if known is None:
            found[name] = parent
        elif known.relationship == Relationship.BASE_MODEL != parent.relationship:
            found[name] = replace(known, relationship=parent.relationship)
    if not found and readme is not None:
        found = {each.repository: each for each in _of_prose(readme, repository)}
    parents = tuple(found.values())[:PARENTS_MAX]
    if not _is_conversion(paths):
        return parents
    return tuple(
        replace(each, relationship=Relationship.CONVERSION)
        if (each.origin, each.relationship) == (ParentOrigin.MODEL_CARD, Relationship.BASE_MODEL)
        else each
        for each in parents
    )


def _of_card(card: Mapping[str, Any]) -> Iterator[ParentReference]:
    """Yield the parents in the front matter's `base_model`."""
    relationship = _parse_relationship(card.get("base_model_relation"))
    for value in _read_names(card.get("base_model")):
        if name := _find_name(value):
            yield ParentReference(name, relationship, ParentOrigin.MODEL_CARD)


def _read_names(stated: object) -> Iterator[str]:
    """Yield the names in a value that may be one, several, or mappings with a name."""
    values = stated if isinstance(stated, list) else [stated]
    named = (
        next((each[key] for key in _NAME_KEYS if isinstance(each.get(key), str)), None)
        if isinstance(each, dict)
        else each
        for each in values
    )
    for value in read_strings(list(named)):
        for each in _BETWEEN.split(value):
            bare = read_address(without_unseen(each).strip(_AROUND))
            yield bare.partition(_REMARK)[0].strip(_AROUND)


def _find_name(stated: str) -> str:
    """Return the name of the repository that a name or an address stands for, "" for none."""
    address = _HUB_ADDRESS.fullmatch(stated)
    # A revision follows an `@`, which no name has.
    name = (address[1] if address else stated).partition("@")[0].rstrip("/").removesuffix(".git")
    return name if _is_hub_name(name) else ""


def _of_tags(tags: Sequence[str]) -> Iterator[ParentReference]:
    """Yield the parents in tags such as `base_model:finetune:OWNER/NAME`."""
    for tag in tags:
        if not tag.startswith("base_model:"):
            continue
        rest = tag.removeprefix("base_model:")
        relation, colon, name = rest.partition(":")
        if not colon:
            relation, name = "", rest
        if _is_hub_name(name):
            yield ParentReference(name, _parse_relationship(relation), ParentOrigin.TAGS)


def _of_config(config: Mapping[str, Any]) -> Iterator[ParentReference]:
    """Yield the parent in config.json, unless it may be a path on somebody's disk."""
    for key, relationship in _CONFIG_KEYS.items():
        path = config.get(key)
        if isinstance(path, str) and (name := _find_name(path)):
            yield ParentReference(name, relationship, ParentOrigin.CONFIG_JSON)


def _of_merge(merged: Sequence[str], readme: Readme | None) -> Iterator[ParentReference]:
    """Yield the parents in the configuration of a merge: its file's, or the one that is shown."""
    shown = find_merged(readme) if readme is not None and not merged else []
    for stated in (*merged, *shown):
        if name := _find_name(stated):
            origin = ParentOrigin.README if shown else ParentOrigin.CONFIG_JSON
            yield ParentReference(name, Relationship.MERGE, origin)


def _of_prose(readme: Readme, own: str) -> Iterator[ParentReference]:
    """Yield the parent that a sentence of the card links to."""
    base = find_prose_base(readme)
    if base is None:
        return
    url, relationship = base
    # Old names have no owner.
    name = "/".join((read_path(url, "huggingface.co") or read_path(url, "hf.co"))[:2])
    if _is_hub_name(name) and name.lower() != own.lower():
        yield ParentReference(name, relationship, ParentOrigin.README)


def _parse_relationship(stated: object) -> Relationship:
    """Return the stated relationship, `base_model` for none or an unknown word."""
    return next((each for each in _STATED if each == stated), Relationship.BASE_MODEL)


def _is_hub_name(path: str) -> bool:
    """Whether a value names a repository on the Hub, and is neither a path nor a word for nothing.

    Training scripts copy their arguments into cards and config.json.
    """
    # An owner and a name, or an old name without an owner. Patterns come last, on a short text.
    owner, slash, name = path.partition("/")
    if not is_hub_name_part(owner) or (slash and not is_hub_name_part(name)):
        return False
    if _CHECKPOINT.search(path) or path.lower() in _NOTHING:
        return False
    if slash:
        return owner.lower() not in _NO_OWNERS
    return bool(_OLD_NAME.fullmatch(path))


def _is_conversion(paths: Sequence[str]) -> bool:
    """Whether there are weights in formats that models are converted to, and no others."""
    endings = {path.rpartition(".")[2].lower() for path in paths}
    converted = endings & {"onnx", "gguf", "tflite", "mlmodel", "mlpackage"}
    trained = endings & {"safetensors", "bin", "pt", "pth", "h5", "ckpt", "msgpack"}
    return bool(converted) and not trained
