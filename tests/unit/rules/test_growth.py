"""What reading costs, as its text grows: at most some times what harmless text of that length does.

CPU time is compared, not the clock on the wall, and with wide margins: the faults that this finds
are hundreds of times over them.
"""

import io
import json
import struct
import tracemalloc
from contextlib import suppress

import pytest

from artifacts.exceptions import RegistryError, TooMuchToRead
from artifacts.rules import budget
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.budget import in_task
from artifacts.rules.cards import parse_front_matter
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.readme import parse_readme
from tests.growth import thread_s

# Coverage would be measured as well, and is dearer than the work.
pytestmark = [pytest.mark.no_cover, pytest.mark.slow]

SIZE_CHARS = 200_000
BUDGET_S = 0.2
# The last step that was begun within the budget, and what a slow machine makes of it.
MOST_S = 1.5
SHAPES = {
    "images": "![", "brackets": "[", "links": "[](", "endings": "](", "emphasis": "*_",
    "strong": "**a*b ", "ticks": "`a", "tags": '<a href="', "comments": "<!--",
    "entities": "&amp", "quotes": "> ",
    "lists": "- ", "tables": "|a|\n|-|\n", "definitions": "[a]: b\n", "headings": "a\n=\n",
    "addresses": "<http://a.bc>", "inline": "[a](http://x.y/z) ", "titles": "[a]: b '\nx\n",
}  # fmt: skip
TEXTS = {name: (shape * SIZE_CHARS)[:SIZE_CHARS] for name, shape in SHAPES.items()} | {
    "runs of ticks": " ".join("`" * length for length in range(1, 630)),
    "wide tables": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "b|" * 500 + "\n") * 190,
    "one long host": "[a](http://" + "".join(map(chr, range(0x4E00, 0x9E00))) * 3 + ")",
    "cells of many pieces": "<table><tr><td>" + "<b>x\n\n" * 30_000,
}


@pytest.fixture(autouse=True)
def small_budgets(monkeypatch):
    for name in ("JUDGED_AT_ONCE_CPU_S", "JUDGED_IN_TASK_CPU_S"):
        monkeypatch.setattr(budget, name, BUDGET_S)
    parse_readme.cache_clear()


def cpu_s(call, *arguments) -> float:
    """Seconds of CPU that a call takes, whether it gives up or not."""

    def judge() -> None:
        with suppress(RegistryError), in_task():
            call(*arguments)

    return thread_s(judge)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_readme_when_hostile_then_read_or_given_up_within_the_budget(text):
    assert cpu_s(parse_readme, text) < MOST_S


def test_readme_when_a_client_waits_then_a_task_is_to_try_it_with_more():
    text = ("![" * SIZE_CHARS)[:SIZE_CHARS]
    with pytest.raises(TooMuchToRead) as given_up:
        parse_readme(text)
    with in_task(), pytest.raises(TooMuchToRead) as final:
        parse_readme(text)
    assert (given_up.value.try_later, final.value.try_later) == (True, False)


@pytest.mark.parametrize(
    "shape",
    ["[", "{a: ", "- ", "a: &x\n", "[a]: b\n", "? a\n", "'", "- !!set {a}\n", "a: |\n b\n",
     "<<: {a: 1}\n", "a: 1:1:1:1:1\n", "- 2024-01-01\n", "a: !!binary aaaa\n",
     "#\n", "\n", "a: ", "1" * 50, "%"],
    ids=ascii,
)  # fmt: skip
def test_front_matter_when_hostile_then_about_as_costly_as_its_length(shape):
    harmless = "".join(f"key{number}: some plain words\n" for number in range(8_000))
    hostile = (shape * len(harmless))[: len(harmless)]
    costs = [cpu_s(parse_front_matter, f"---\n{text}\n---\n") for text in (harmless, hostile)]
    assert costs[1] < 10 * costs[0] + 0.5


@pytest.mark.parametrize(
    "shape", ["x\n", "a()", "import a\n", "match a:\n case [a,b]: pass\n", "[", "(a "]
)
def test_code_when_hostile_then_within_the_budget(shape, monkeypatch):
    readme = "".join(f"```python\nimport a\n{(shape * 9_000)[:9_000]}\n```\n\n" for _ in range(20))
    with monkeypatch.context() as patient:
        patient.setattr(budget, "JUDGED_AT_ONCE_CPU_S", 60.0)
        blocks = parse_readme(readme).code_blocks
    assert len(blocks) == 20

    def judge() -> None:
        with budget.judging():
            judge_blocks(blocks, repository="acme/x", library="", paths=())

    assert cpu_s(judge) < MOST_S


def test_header_of_weights_when_large_then_less_than_twice_its_memory(monkeypatch):
    """A hundred megabytes in small: 5 MB, in entries of the usual length."""
    span = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    header = json.dumps({f"{number}.{'x' * 100}": span for number in range(30_000)}).encode()
    file = io.BytesIO(struct.pack("<Q", len(header)) + header)
    monkeypatch.setattr(budget, "JUDGED_IN_TASK_CPU_S", 60.0)
    tracemalloc.start()
    with in_task():
        assert check_header(file, 8 + len(header)).tensors == 30_000
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(header) > 4_900_000
    assert most_bytes < 2 * len(header)
