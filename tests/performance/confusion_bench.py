"""How long it takes to audit many names, in memory: `python -m tests.performance.confusion_bench`.

Prints the times for 10,000 and 100,000 labels and the ratio of their medians; ends with an error
above the limits of the requirement. The names are made as those of the Hub are: families with sizes
and tasks, under owners of whom few have much and most have little.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from multiprocessing import get_context
from statistics import median

from artifacts.rules.confusion.labels import Label, read_name, read_owner
from artifacts.rules.confusion.sweep import find_suspicions

FEW, MANY = 10_000, 100_000
ROUNDS = 5
SECONDS_MAX = 10.0
RATIO_MAX = 12.0
_FAMILIES = (
    "bert-base-uncased", "distilbert-base-cased", "roberta-large", "xlm-roberta-base", "gpt2",
    "Llama-2-7b", "Meta-Llama-3-8B-Instruct", "Mistral-7B-v0.1", "Qwen2.5-7B-Instruct", "gemma-2b",
    "whisper-small", "wav2vec2-large-xlsr-53", "t5-small", "vit-base-patch16-224",
)  # fmt: skip
_TASKS = (
    "finetuned", "emotion", "squad", "ner", "GGUF", "awq", "lora", "sft", "dpo", "chat", "merged",
    "v2", "hi", "de", "imdb", "sentiment", "cls", "adapter", "4bit", "test",
)  # fmt: skip
_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ter",
    "son",
    "ra",
    "vel",
    "un",
    "dor",
    "ix",
    "pha",
    "be",
    "quo",
    "zen",
)


def make_names(count: int) -> list[tuple[str, str, int]]:
    """Return made-up names, owners and downloads, the same ones for the same count."""
    chance = random.Random(count)

    def word() -> str:
        return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))

    owners = [f"{word()}{chance.choice(('', '-ai', '42', '-lab'))}" for _ in range(count // 5)]
    weights = [1 / (place + 1) for place in range(len(owners))]
    names = []
    for owner in chance.choices(owners, weights, k=count):
        first = chance.choice(_FAMILIES) if chance.random() < 0.5 else f"{word()}-{word()}"
        tasks = chance.sample(_TASKS, k=chance.randint(1, 3))
        name = "-".join([first, *tasks, *([word()] if chance.random() < 0.7 else [])])
        names.append((name, owner, int(chance.paretovariate(0.7))))
    return names


def measure(count: int) -> float:
    """Print and return the seconds of processor time of an audit, reading the names included."""
    names = make_names(count)
    begun = time.process_time()
    labels = [
        Label(f"m{at}", "model", read_name(name), read_owner(owner), "hub", downloads)
        for at, (name, owner, downloads) in enumerate(names)
    ]
    read = time.process_time()
    found = find_suspicions(labels)
    ended = time.process_time()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>7,} labels: read in {read - begun:.2f} s, compared in {ended - read:.2f} s, "
        f"{len(found):,} suspicions, {peak_mb:.0f} MB"
    )
    return ended - begun


def main() -> int:
    """Measure both in turns, each time in a fresh process, and compare the medians."""
    # The smaller audit takes a third of a second, so one measurement says little.
    with get_context("spawn").Pool(1, maxtasksperchild=1) as fresh:
        pairs = [[fresh.apply(measure, (count,)) for count in (FEW, MANY)] for _ in range(ROUNDS)]
    few, many = (median(seconds) for seconds in zip(*pairs, strict=True))
    print(
        f"medians of {ROUNDS}: {few:.2f} and {many:.2f} s (at most {SECONDS_MAX:.0f}), "
        f"ratio {many / few:.1f} (at most {RATIO_MAX:.0f})"
    )
    return int(many > SECONDS_MAX or many / few > RATIO_MAX)


if __name__ == "__main__":
    sys.exit(main())
