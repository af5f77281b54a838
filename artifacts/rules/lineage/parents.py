"""The parents of a model, as structured metadata name them. A false parent is worse than none.

Source: Hugging Face, Model Cards, "Specifying a base model" (base_model, base_model_relation) and
the tags that the Hub derives from it; transformers, PretrainedConfig (`_name_or_path`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from artifacts.limits import PARENTS_MAX
from artifacts.rules.names import is_hub_name_part
from artifacts.rules.patterns import Pattern
from artifacts.rules.values import strings_of

_RELATIONS = ("finetune", "adapter", "merge", "quantized")
DEFAULT_RELATIONSHIP = "base_model"
_CONVERSION = "conversion"
_CARD = "model_card"
_HUB_ADDRESS = Pattern(r"https?://(?:huggingface\.co|hf\.co)/([^/]+/[^/]+)/?")
# First parts of two-part paths that are folders on somebody's disk, and no owners.
_FOLDERS = frozenset((
    "checkpoint", "checkpoints", "ckpt", "ckpts", "content", "data", "drive", "exp", "experiments",
    "home", "kaggle", "local", "log", "logs", "mnt", "model", "models", "out", "output", "outputs",
    "opt", "pretrained", "results", "root", "run", "runs", "save", "saved", "saved_models",
    "scratch", "src", "temp", "tmp", "trained", "training", "usr", "weights", "work", "workspace",
))  # fmt: skip
# Names that a training script gives its folders.
_CHECKPOINT = Pattern(
    r"(?i)(?:^|/)(?:checkpoint|ckpt|epoch|step|iter|version|run)s?[-_]?\d*$"
    r"|\.(?:bin|pt|pth|ckpt|safetensors|json|gguf|onnx)$"
)
# What people write where there is no base model, and a template where nobody wrote.
_NOTHING = frozenset(("none", "null", "n/a", "na", "no", "nil", "unknown", "scratch", "base_model"))
# First parts of addresses on the Hub that are no owners of models.
_PAGES = frozenset((
    "api", "blog", "collections", "datasets", "docs", "learn", "new", "organizations", "papers",
    "pricing", "settings", "spaces", "tasks",
))  # fmt: skip
_NO_OWNERS = _FOLDERS | _PAGES
# The Hub gives no names without an owner any more; those that it gave have this form.
_OLD_NAME = Pattern(
    r"(?:bert|distilbert|roberta|distilroberta|gpt2|distilgpt2|t5|albert|xlm|xlnet|openai-gpt|ctrl"
    r"|transfo-xl|camembert)(?:[-_][a-z0-9-]+)*"
)


@dataclass(frozen=True)
class ParentReference:
    """A parent by its name on the Hub.

    Attributes:
        repository: as in `google-bert/bert-base-uncased`, or an old name without an owner.
        relationship: `base_model`, `finetune`, `adapter`, `merge`, `quantized` or `conversion`.
        origin: `model_card`, `tags` or `config_json`.
    """

    repository: str
    relationship: str
    origin: str


def find_parents(
    *,
    repository: str,
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    tags: Sequence[str],
    paths: Sequence[str] = (),
) -> tuple[ParentReference, ...]:
    """Return the parents of a model, each once: the card's word before tags' and config.json's.

    Args:
        repository: the model's own name; nothing is its own parent.
        paths: of its files; a repository of nothing but converted weights is a conversion of what
            its card names, where nobody states another relation.
    """
    found: dict[str, ParentReference] = {}
    for parent in (*_of_card(card), *_of_tags(tags), *_of_config(config)):
        name = parent.repository.lower()
        if name == repository.lower():
            continue
        known = found.get(name)
        if known is None:
            found[name] = parent
        elif known.relationship == DEFAULT_RELATIONSHIP != parent.relationship:
            found[name] = replace(known, relationship=parent.relationship)
    parents = tuple(found.values())[:PARENTS_MAX]
    if not _is_conversion(paths):
        return parents
    return tuple(
        replace(each, relationship=_CONVERSION)
        if (each.origin, each.relationship) == (_CARD, DEFAULT_RELATIONSHIP)
        else each
        for each in parents
    )


def _of_card(card: Mapping[str, Any]) -> Iterator[ParentReference]:
    """Yield what the front matter's `base_model` names."""
    stated = card.get("base_model_relation")
    relationship = stated if stated in _RELATIONS else DEFAULT_RELATIONSHIP
    for value in strings_of(card.get("base_model")):
        address = _HUB_ADDRESS.fullmatch(value)
        name = address[1] if address else value
        if _is_hub_name(name):
            yield ParentReference(name, relationship, _CARD)


def _of_tags(tags: Sequence[str]) -> Iterator[ParentReference]:
    """Yield what tags such as `base_model:finetune:OWNER/NAME` name."""
    for tag in tags:
        if not tag.startswith("base_model:"):
            continue
        rest = tag.removeprefix("base_model:")
        relation, colon, name = rest.partition(":")
        if not colon:
            relation, name = DEFAULT_RELATIONSHIP, rest
        if _is_hub_name(name):
            known = relation if relation in _RELATIONS else DEFAULT_RELATIONSHIP
            yield ParentReference(name, known, "tags")


def _of_config(config: Mapping[str, Any]) -> Iterator[ParentReference]:
    """Yield what config.json names, where it can be no path on somebody's disk."""
    adapter = config.get("base_model_name_or_path")
    if isinstance(adapter, str) and _is_hub_name(adapter):
        yield ParentReference(adapter, "adapter", "config_json")
    path = config.get("_name_or_path")
    if isinstance(path, str) and _is_hub_name(path):
        yield ParentReference(path, DEFAULT_RELATIONSHIP, "config_json")


def _is_hub_name(path: str) -> bool:
    """Whether a value that may be a path, or a word for nothing, names a repository on the Hub.

    Training scripts write what they were started with into cards and config.json alike.
    """
    # An owner and a name, or an old name without an owner; looked at last, since a name is short.
    owner, slash, name = path.partition("/")
    if not is_hub_name_part(owner) or (slash and not is_hub_name_part(name)):
        return False
    if _CHECKPOINT.search(path) or path.lower() in _NOTHING:
        return False
    if slash:
        return owner.lower() not in _NO_OWNERS
    return bool(_OLD_NAME.fullmatch(path))


def _is_conversion(paths: Sequence[str]) -> bool:
    """Whether the weights are in formats that models are converted to, and in no other."""
    endings = {path.rpartition(".")[2].lower() for path in paths}
    converted = endings & {"onnx", "gguf", "tflite", "mlmodel", "mlpackage"}
    trained = endings & {"safetensors", "bin", "pt", "pth", "h5", "ckpt", "msgpack"}
    return bool(converted) and not trained
