"""Which of a repository's weights one deployment loads.

A repository holds the same weights in several formats, precisions and pieces, beside checkpoints
and what training left. A deployment takes one complete set. Pipelines (diffusers) have a folder for
each component and need one set from each.

Source: transformers, diffusers, PEFT, llama.cpp: the names under which they store weights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from artifacts.enums import Part
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.evidence import FileFacts
from artifacts.rules.weights import ORDER_OF_OTHERS, USUAL_NAMES, WeightSet, find_set, is_beside

# Files that say that each folder is a component, and all are loaded (diffusers, spaCy).
_DIFFUSERS_FILE = "model_index.json"
_PIPELINE_FILES = frozenset((_DIFFUSERS_FILE, "config.cfg"))
# The same of the files beside it (SpeechBrain).
_SIDE_BY_SIDE_FILES = frozenset(("hyperparams.yaml",))
# What diffusers calls a LoRA and an inverted text, and PEFT an adapter.
_ADAPTERS = ("adapter_model", "pytorch_lora_weights", "learned_embeds")
# A repository may hold the adapted model itself beside the adapter.
_WHOLE = ("model", "pytorch_model", "diffusion_pytorch_model")
# What people call low-rank weights that their trainers name otherwise (kohya, AI Toolkit).
_LORA = Pattern(r"(?i)lora", before="a-z", after="a-z")
# ... and whole models that such weights were added to.
_MERGED = Pattern(r"(?i)merged?|fused?", before="a-z", after="a-z")
# How the Hub marks the relation to a base model.
_ADAPTER_TAG = "base_model:adapter:"
# How trainers mark such weights of diffusers, which may have any name: all tags of one set.
_LORA_TAGS = (frozenset(("lora", "diffusers")), frozenset(("template:sd-lora",)))
_LORA_ENDINGS = (".safetensors", ".pt", ".bin", ".ckpt")
# What files are called that hold one part each of a model, and no whole.
_PART = Pattern(
    r"(?i)vae|unet|denoiser|text_?encoder|encoder|decoder|generator|vocoder|prior|codec|projector"
    r"|segmenter|classifier|embedder|predictor|joiner",
    before="a-z",
    after="a-z0-9",
)
# Exported models are in two files, each in several precisions.
_ENCODER = Pattern(r"(?i)encoder(?:_model)?", before="a-z", after="a-z")
_DECODER = Pattern(r"(?i)decoder(?:_model)?(?:_merged)?", before="a-z", after="a-z")
# What judged the model in training, and is loaded to train it on.
_CRITIC = Pattern(r"(?i)(?:[a-z]+[-_])?(?:discriminator|critic)(?:[-_.]|\d)")
# Folders of other formats, which a pipeline does not load.
_OTHER_FORMATS = frozenset(("onnx", "openvino", "coreml", "tensorrt", "flax", "original", "gguf"))
# A set this much smaller than the largest is a helper, whatever its name, format and folder.
_HELPER_SHARE = 0.05
_SHARD = Pattern(r"(?i)[-_.]?\d{1,5}[-_]?of[-_]?(\d{1,5})", after="A-Za-z0-9")
_PRECISION = Pattern(
    r"(?i)[-_.](?:fp(?:8|16|32)\w*|b?f(?:16|32)|u?int(?:4|8)|i?q\d\w*|quanti[sz]ed|nf4|bnb4|awq|gptq"
    r"|\dbit|mxfp4|non_ema|ema\w*|pruned)",
    after="A-Za-z0-9",
)


def _without_critics(weights: Sequence[FileFacts]) -> Sequence[FileFacts]:
    """Return weights without those that a model only learned against, where others are there."""
    kept = [each for each in weights if not _CRITIC.match(each.path.rpartition("/")[2])]
    return kept or weights


def list_weights(files: Iterable[FileFacts]) -> list[FileFacts]:
    """Return the files that hold the model's weights, in any format."""
    return [file for file in files if file.part == Part.WEIGHTS and not is_beside(file.path)]


def deployed_files(
    files: Iterable[FileFacts], broken: Collection[str] = frozenset()
) -> list[FileFacts]:
    """Return the files that one deployment loads, the largest first; [] if no set is complete.

    Args:
        broken: paths of files that cannot be loaded, nor can the set that they belong to.
    """
    listed = list(files)
    sets: dict[WeightSet, list[FileFacts]] = {}
    for file in _without_critics(list_weights(listed)):
        sets.setdefault(find_set(file.path), []).append(file)
    folders: dict[str, dict[WeightSet, list[FileFacts]]] = {}
    for its_set, members in sets.items():
        if _is_complete(members) and not any(file.path in broken for file in members):
            folders.setdefault(its_set.folder, {})[its_set] = members
    root = folders.pop("", {})
    if any(file.path in _PIPELINE_FILES for file in listed) and folders:
        parts = {name: each for name, each in folders.items() if name not in _OTHER_FORMATS}
        is_of_torch = any(file.path == _DIFFUSERS_FILE for file in listed)
        loaded = (_native(parts or folders) if is_of_torch else {}) or parts or folders
        chosen = [file for each in loaded.values() for file in _choose_set(each)]
    elif root and (_are_parts(root) or any(each.path in _SIDE_BY_SIDE_FILES for each in listed)):
        chosen = [file for each in root.values() for file in each]
    else:
        chosen, inner = _choose_set(root), list(map(_choose_set, folders.values()))
        is_model = is_adapter(chosen) or _may_be_model(chosen, _least_bytes(inner))
        if not chosen or not is_model:
            chosen = _smallest(inner)
    return sorted(chosen, key=lambda file: (-(file.size_bytes or 0), file.path))


def is_adapter(files: Collection[FileFacts], tags: Iterable[str] = ()) -> bool:
    """Whether files only adapt a base model, which has to be loaded with them.

    Args:
        tags: the Hub's, one of which tells the relation to the base.
    """
    names = [file.path.rpartition("/")[2] for file in files]
    if not names or any(name.startswith(_WHOLE) for name in names):
        return False
    marks = frozenset(tags)
    if any(tag.startswith(_ADAPTER_TAG) for tag in marks):
        return True
    is_called = any(each <= marks for each in _LORA_TAGS)
    return all(
        name.startswith(_ADAPTERS)
        or (
            not _MERGED.search(name)
            and (_LORA.search(name) or (is_called and name.endswith(_LORA_ENDINGS)))
        )
        for name in names
    )


def _are_parts(sets: Mapping[WeightSet, list[FileFacts]]) -> bool:
    """Whether each of several files is named after another part of one model."""
    named = [_PART.search(each.name) for each in sets]
    parts = [each[0].lower() for each in named if each is not None]
    return len(parts) > 1 and len(set(parts)) == len(named)


def _native(
    folders: Mapping[str, dict[WeightSet, list[FileFacts]]],
) -> dict[str, dict[WeightSet, list[FileFacts]]]:
    """Return the components in PyTorch's own formats.

    The others are the same ones exported, into folders of their own (`vae_decoder`).
    """
    return {
        name: sets
        for name, sets in folders.items()
        if any(each.order < ORDER_OF_OTHERS for each in sets)
    }


def _is_complete(members: Sequence[FileFacts]) -> bool:
    """Whether a set has as many files as the numbers in their names promise."""
    counts = [
        int(found[1])
        for file in members
        if (found := _SHARD.search(file.path.rpartition("/")[2])) is not None
    ]
    return len(counts) >= max(counts, default=0)


def _choose_set(sets: Mapping[WeightSet, list[FileFacts]]) -> list[FileFacts]:
    """Return one of a folder's sets, in its most usual format and smallest precision."""
    if not sets:
        return []
    least = _least_bytes(sets.values())
    if any(map(_ENCODER.search, (each.name for each in sets))):
        halves = [
            _smallest([files for each, files in sets.items() if kind.search(each.name)])
            for kind in (_ENCODER, _DECODER)
        ]
        if all(halves):
            return [file for half in halves for file in half]
    first = min(each.order for each, files in sets.items() if _may_be_model(files, least))
    named = {each.name: files for each, files in sets.items() if each.order == first}
    for name in USUAL_NAMES:
        usual = [files for stem, files in named.items() if _PRECISION.sub("", stem) == name]
        if usual:
            return _smallest(usual)
    return _smallest(list(named.values()))


def _smallest(sets: Sequence[list[FileFacts]]) -> list[FileFacts]:
    """Return the smallest of several sets, leaving out what is too small to be a model."""
    least = _least_bytes(sets)
    kept = [each for each in sets if each and _may_be_model(each, least)]
    return min(kept, key=lambda each: (_total_bytes(each), each[0].path), default=[])


def _least_bytes(sets: Iterable[list[FileFacts]]) -> float:
    """Return below which size a set is too small, beside the largest of some, to be a model."""
    return max(map(_total_bytes, sets), default=0) * _HELPER_SHARE


def _may_be_model(files: Collection[FileFacts], least_bytes: float) -> bool:
    """Whether a set is not too small to be a model; one of unknown size may be."""
    return _total_bytes(files) >= least_bytes or any(each.size_bytes is None for each in files)


def _total_bytes(files: Iterable[FileFacts]) -> int:
    """Return the total size of files."""
    return sum(file.size_bytes or 0 for file in files)
