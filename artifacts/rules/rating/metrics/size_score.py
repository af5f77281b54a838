"""Whether the weights fit the devices of the contract."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from artifacts.rules.rating.curves import halves, rounded
from artifacts.rules.rating.evidence import Evidence, FileFacts
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown

_MB, _GB = 1_000_000, 1_000_000_000
# The weights at which a device scores 0.5: half of the memory that its system leaves, since
# activations, runtime and copies while loading take as much again.
COMFORTABLE_BYTES = {
    # Raspberry Pi 3 or Zero 2 class, 1 GB: about a third of it goes to system and Python.
    "raspberry_pi": 335 * _MB,
    # Jetson Nano with 2 GB, shared by CPU and GPU: CUDA, cuDNN and desktop take 1.2 GB.
    "jetson_nano": 390 * _MB,
    # 16 GB, of which 12 are free.
    "desktop_pc": 6 * _GB,
    # An instance with 64 GB, as for inference on CPUs or one large GPU.
    "aws_server": 30 * _GB,
}
# Steepness over the logarithm of the size: 0.96 at a third of the comfortable size and 0.04 at
# three times of it, since beyond that swapping starts or loading fails.
_STEEPNESS = 3.0
# The formats that one deployment needs one of, the usual ones first.
_FORMATS = (
    ".safetensors", ".bin", ".pt", ".pth", ".gguf", ".keras", ".h5", ".onnx", ".msgpack", ".ckpt",
    ".tflite", ".pdparams", ".pkl", ".joblib", ".nemo",
)  # fmt: skip
# Shards are numbered by so many digits: `model-00001-of-00002`.
_SHARD_DIGITS = 5
# Files with weights' endings that are no weights of the model.
_BESIDE = (
    "training_args", "optimizer", "scheduler", "random_states", "rng_state", "trainer_state",
)  # fmt: skip


def judge(evidence: Evidence) -> Result:
    """Score the smallest complete set of weights on each device."""
    files = [file for file in evidence.model.files if file.size_bytes is not None]
    chosen = deployed_files(files)
    if not chosen:
        return unknown(
            "The model's file list shows no weights.", {"files": len(evidence.model.files)}
        )
    size_bytes = sum(file.size_bytes or 0 for file in chosen)
    parts = {device: rounded(fit(size_bytes, most)) for device, most in COMFORTABLE_BYTES.items()}
    score = rounded(math.fsum(parts.values()) / len(parts))
    fitting, _ = halves(parts)
    reason = (
        f"The weights that one deployment loads have {size_bytes / _MB:,.0f} MB "
        f"({chosen[0].path}{f' and {len(chosen) - 1} more' if len(chosen) > 1 else ''}). "
        f"They fit {', '.join(fitting) or 'none of the devices'}."
    )
    return scored(score, reason, {"weights_mb": rounded(size_bytes / _MB)}, parts)


def fit(size_bytes: int, comfortable_bytes: int) -> float:
    """Return how well weights fit a device: 1 for nothing, 0.5 at the comfortable size, then 0."""
    if not size_bytes:
        return 1.0
    excess: float = (size_bytes / comfortable_bytes) ** _STEEPNESS
    return 1 / (1 + excess)


def deployed_files(files: Iterable[FileFacts]) -> list[FileFacts]:
    """Return the files that one deployment loads, the largest first.

    A repository holds the same weights in several formats and precisions; a deployment takes one.
    Pipelines (diffusers) have a folder for each component and need one set of each.
    """
    weights = [
        file
        for file in files
        if file.part == "weights" and not file.path.rpartition("/")[2].startswith(_BESIDE)
    ]
    folders: dict[str, list[FileFacts]] = {}
    for file in weights:
        folders.setdefault(str(PurePosixPath(file.path).parent), []).append(file)
    root = folders.get(".")
    if root is not None:
        chosen = _smallest_set(root)
    elif any(file.path == "model_index.json" for file in files):
        chosen = [file for folder in folders.values() for file in _smallest_set(folder)]
    else:
        chosen = min(map(_smallest_set, folders.values()), key=_total_bytes, default=[])
    return sorted(chosen, key=lambda file: (-(file.size_bytes or 0), file.path))


def _smallest_set(folder: Iterable[FileFacts]) -> list[FileFacts]:
    """Return the smallest complete set of a folder's most usual format; shards make one set."""
    sets: dict[tuple[int, str], list[FileFacts]] = {}
    for file in folder:
        path = PurePosixPath(file.path)
        order = _FORMATS.index(path.suffix) if path.suffix in _FORMATS else len(_FORMATS)
        sets.setdefault((order, _without_shard(path.stem)), []).append(file)
    first = min(order for order, _ in sets)
    return min((each for (order, _), each in sets.items() if order == first), key=_total_bytes)


def _without_shard(stem: str) -> str:
    """Return what the shards of one set have in common."""
    head, _, count = stem.rpartition("-of-")
    name, hyphen, number = head.rpartition("-")
    is_shard = all(len(each) == _SHARD_DIGITS and each.isdecimal() for each in (number, count))
    return name if hyphen and is_shard else stem


def _total_bytes(files: Iterable[FileFacts]) -> int:
    """Return the size of some files together."""
    return sum(file.size_bytes or 0 for file in files)


def best_fit(parts: Mapping[str, float]) -> float:
    """Return the score on the device that suits best: what the gate asks for."""
    return max(parts.values(), default=0.0)


METRIC = Metric(
    name="size_score",
    title="Size",
    sentence="Whether the weights fit a Raspberry Pi, a Jetson Nano, a desktop PC and a server.",
    scale=Scale(
        zero="Three times more than the device can hold comfortably.",
        middle="Half of the memory that the device's system leaves.",
        one="A small part of the device's memory.",
        unknown="The file list shows no weights.",
    ),
    sources=(
        "Raspberry Pi 3 and Jetson Nano 2 GB data sheets (memory)",
        "Hugging Face Accelerate, model memory estimation: weights plus about as much to run",
    ),
    judge=judge,
)
