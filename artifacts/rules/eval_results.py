"""Results of evaluations as data: a card's model-index, and the files of `.eval_results/`.

Source: Hugging Face Hub documentation, "Model Cards" (model-index, after Papers with Code) and
"Evaluation Results" (`.eval_results/*.yaml`: a list of entries with `dataset.id`,
`dataset.task_id`, `value`, and perhaps `verifyToken`, `date`, `source`, `notes`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artifacts.rules.patterns import Pattern
from artifacts.rules.values import read_list, read_text
from artifacts.rules.yaml_text import read_yaml_list

FOLDER = ".eval_results/"
_ENDINGS = (".yaml", ".yml")
# "93.2", "93.2 %", "0.93 (0.01)": a number first, then what explains it.
_NUMBER_FIRST = Pattern(r"\s*[-+]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][-+]?\d+)?(?:[\s%(/].*)?")


@dataclass(frozen=True)
class StatedResult:
    """One result.

    Attributes:
        benchmark: the data set or benchmark, such as `cais/hle`; "" if it is not named.
        measure: the task or the measure, such as `gpqa_diamond` or `accuracy`; "" if not named.
        value: as written, such as `63.3`.
        path: the file that states it.
        has_proof: it says that it was verified, or carries the Hub's token of verification, which
            only the Hub can check.
        source_url: where it was published, "" for nowhere.
    """

    benchmark: str
    measure: str
    value: str
    path: str = "README.md"
    has_proof: bool = False
    source_url: str = ""

    @property
    def quote(self) -> str:
        """What it says, in few words."""
        return f"{self.benchmark} {self.measure}: {self.value}".strip()


def is_results_file(path: str) -> bool:
    """Whether a path is that of a file of results."""
    return path.startswith(FOLDER) and path.endswith(_ENDINGS)


def is_number(value: object) -> bool:
    """Whether a value is a result: a finite number, or text that begins with one.

    NaN, infinity, truth values, empty texts, lists and mappings are none.
    """
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return math.isfinite(value)
    return isinstance(value, str) and _NUMBER_FIRST.fullmatch(value[:100]) is not None


def read_results_file(text: str, path: str) -> tuple[StatedResult, ...]:
    """Return the results in a file of `.eval_results/`, without entries that have no number.

    Raises:
        Unreadable: it is no list in YAML.
        TooMuchToRead: reading it costs too much.
    """
    entries = read_yaml_list(text, path)
    return tuple(
        StatedResult(
            benchmark=read_text(_mapping(entry.get("dataset")).get("id")),
            measure=read_text(_mapping(entry.get("dataset")).get("task_id")),
            value=str(entry["value"]),
            path=path,
            has_proof=bool(read_text(entry.get("verifyToken"))),
            source_url=read_text(_mapping(entry.get("source")).get("url")),
        )
        for entry in entries
        if isinstance(entry, dict) and is_number(entry.get("value"))
    )


def read_results(data: object) -> tuple[StatedResult, ...]:
    """Return the results that a revision keeps as `dataclasses.asdict` made them."""
    names = tuple(StatedResult.__dataclass_fields__)
    return tuple(
        StatedResult(**{name: each[name] for name in names})
        for each in read_list(data)
        if isinstance(each, dict) and set(names) <= set(each)
    )


def read_model_index(card: Mapping[str, Any]) -> Iterator[StatedResult]:
    """Yield the results in a card's model-index that have a number."""
    for entry in read_list(card.get("model-index")):
        for result in read_list(_mapping(entry).get("results")):
            benchmark = _mapping(_mapping(result).get("dataset"))
            for metric in read_list(_mapping(result).get("metrics")):
                stated = _mapping(metric)
                if is_number(stated.get("value")):
                    yield StatedResult(
                        benchmark=read_text(benchmark.get("name") or benchmark.get("type")),
                        measure=read_text(stated.get("name") or stated.get("type")),
                        value=str(stated["value"]),
                        has_proof=stated.get("verified") is True,
                    )


def _mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping, an empty one for anything else."""
    return value if isinstance(value, dict) else {}
