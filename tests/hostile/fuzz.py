"""Looks for inputs that crash a rule or keep it busy, guided by coverage (atheris).

    python -m tests.hostile.fuzz [-max_total_time=600] [-seed=1] [CORPUS_FOLDER]

The options are libFuzzer's. The first byte of an input picks the rule, the rest is its text or
file. What a rule may raise is an error of the registry's; anything else ends the run, and libFuzzer
writes the input into a file.
"""

import io
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["artifacts", "markdown_it", "yaml"]):
    from artifacts.exceptions import RegistryError
    from artifacts.rules.archives.safetensors import check_header
    from artifacts.rules.archives.zips import CheckedZip
    from artifacts.rules.cards import parse_front_matter, stated_license
    from artifacts.rules.licensing.names import parse_license
    from artifacts.rules.licensing.texts import identify_text
    from artifacts.rules.rating.demonstration import judge_blocks
    from artifacts.rules.readme import CodeBlock, parse_readme
    from artifacts.rules.search.expressions import compile_expression

INPUT_MAX_BYTES = 100_000
# However hostile: far over what any rule may take, and far under what a freeze takes.
CPU_MAX_S = 5.0
HAYSTACK = "an ordinary sentence, and (a+b) " * 300


def front_matter(data: bytes) -> None:
    stated_license(parse_front_matter(f"---\n{_text(data)}\n---\n"))


def readme(data: bytes) -> None:
    blocks = parse_readme(_text(data)).code_blocks
    judge_blocks(blocks, repository="o/m", library="transformers", paths=["config.json"])


def code(data: bytes) -> None:
    block = CodeBlock("python", _text(data), "")
    judge_blocks([block], repository="o/m", library="transformers", paths=["config.json"])


def archive(data: bytes) -> None:
    checked = CheckedZip(io.BytesIO(data))
    for member in checked.members[:20]:
        for _ in checked.read(member):
            pass


def header(data: bytes) -> None:
    check_header(io.BytesIO(len(data).to_bytes(8, "little") + data), 8 + len(data))


def expression(data: bytes) -> None:
    compile_expression(_text(data)).matches(HAYSTACK)


def license_name(data: bytes) -> None:
    parse_license(_text(data))


def license_text(data: bytes) -> None:
    identify_text(_text(data))


RULES: tuple[Callable[[bytes], None], ...] = (
    front_matter, readme, code, archive, header, expression, license_name, license_text,
)  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def try_one(data: bytes) -> None:
    """Give a rule an input."""
    if not data:
        return
    rule = RULES[data[0] % len(RULES)]
    started_s = time.thread_time()
    # A refusal with a sentence is what hostile input is owed.
    with suppress(RegistryError):
        rule(data[1:])
    used_s = time.thread_time() - started_s
    if used_s > CPU_MAX_S:
        raise AssertionError(f"{rule.__name__} took {used_s:.1f} CPU seconds")


def main() -> None:
    atheris.Setup([*sys.argv, f"-max_len={INPUT_MAX_BYTES}"], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
