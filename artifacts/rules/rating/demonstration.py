"""Whether the code in a card would run; it is only read, never executed.

The Python blocks of a card are judged one by one and as one program, since many cards build theirs
step by step. Hostile code costs no more than its length: its size is limited before parsing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from artifacts.rules.budget import judging
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.code_checks import (
    find_absent_files,
    find_doubts,
    find_placeholders,
    find_shown,
    find_undefined,
    loads_any,
)
from artifacts.rules.rating.code_languages import find_language
from artifacts.rules.rating.code_loads import loads_own
from artifacts.rules.rating.code_strings import BuiltStrings
from artifacts.rules.rating.code_text import Program, parse_code, read_programs
from artifacts.rules.rating.command_files import clones, find_lacking
from artifacts.rules.rating.commands import (
    DOWNLOAD,
    SCRIPT,
    SHORT_NAME_MIN_CHARS,
    is_on_training,
    may_be_named,
    runs_script,
)
from artifacts.rules.rating.own_model import (
    OwnModel,
    is_told,
    list_gaps,
    names_another,
    runs_any,
)
from artifacts.rules.readme import CodeBlock
from artifacts.rules.weights import is_weights

_WHAT = "The code in the card"
_BLOCK_MAX_CHARS = 20_000
_BLOCKS_MAX = 50
_PYTHON = frozenset(("python", "py", "python3", "pycon", "ipython", "ipython3", "jupyter"))
_UNLABELLED = frozenset(("", "text", "txt", "plaintext", "code", "none"))
_PYTHON_SIGNS = Pattern(r"(?m)^\s*(?:>>> |In ?\[\d*\]: ?)?(?:import \w|from [\w.]+ import )")
_OTHER_MODEL = "it does not load this model"
# Weights may be packed.
_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".7z")
# Apple's bundles and files: the compiler makes a class of each, by its name.
_COMPILED = frozenset(("mlpackage", "mlmodel", "mlmodelc"))


@dataclass(frozen=True)
class Demonstration:
    """The result of reading a card's code.

    Attributes:
        runs: it parses, every name is defined, nothing is left to fill in.
        loads_model: it names the model's own repository, or builds the model with the library.
        repairs: what must be repaired before it runs, in words; empty when `runs`.
        where: the section of the block, or "all blocks together".
        has_code: whether there was any code.
        code: the Python that was judged, without prompts; "" for commands and for no code.
        doubts: what cannot be told by reading; it is not held to be wrong.
    """

    runs: bool
    loads_model: bool
    repairs: tuple[str, ...]
    where: str
    has_code: bool = True
    code: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """1 for code that runs and loads the model, 0.5 for what may or nearly does, else 0."""
        if self.runs and self.loads_model and not self.doubts:
            return 1.0
        return 0.5 if self.loads_model or self.runs or self.doubts else 0.0


NOTHING = Demonstration(False, False, (), "", has_code=False)


def judge_blocks(
    blocks: Iterable[CodeBlock],
    *,
    repository: str,
    library: str,
    paths: Sequence[str],
    needs_trust: bool = False,
    code: str = "",
    code_paths: Sequence[str] = (),
) -> Demonstration:
    """Return the best result of a card's blocks, each alone and all of them in sequence.

    Args:
        repository: the model's own name, such as `openai/whisper-tiny`.
        paths: of the repository's files, which the code may open.
        needs_trust: whether transformers loads the model only with `trust_remote_code=True`.
        code: the repository of the model's own code, "" for none; the package of that name loads
            the model without being told which.
        code_paths: of its files, which are there once the card has cloned it.

    Raises:
        TooMuchToRead: judging them exceeds the budget.
    """
    wanted = [block for block in blocks if 0 < len(block.text) <= _BLOCK_MAX_CHARS][:_BLOCKS_MAX]
    is_cloned = bool(code) and any(clones(each.text, code) for each in wanted)
    there = (*paths, *code_paths) if is_cloned else paths
    files = frozenset(path.rpartition("/")[2] for path in there)
    weights = frozenset(map(str.lower, _list_names(paths)))
    folders = frozenset(path.partition("/")[0].lower() for path in paths if "/" in path)
    module = _as_module(code.rpartition("/")[2])
    held = frozenset(path.partition("/")[0].lower() for path in paths if is_weights(path))
    model = OwnModel(
        repository, library, files, folders, weights, module, needs_trust, held & folders
    )
    python = [block for block in wanted if _is_python(block)]
    found = []
    chosen = []
    for block in python:
        programs = list(read_programs(block.text))
        found += [_judge(program, block.section, model) for program in programs]
        chosen.append(next((each for each in programs if each.tree is not None), programs[0]))
    if len(chosen) > 1:
        whole = _in_sequence(chosen)
        if len(whole.code) <= _BLOCK_MAX_CHARS:
            found.append(_judge(whole, "all blocks together", model))
    found += [_judge_other(block, model) for block in wanted if not _is_python(block)]
    found = [each for each in found if each.has_code]
    return max(found, key=lambda each: (each.score, -len(each.repairs)), default=NOTHING)


def _list_names(paths: Iterable[str]) -> Iterator[str]:
    """Yield the names of files of weights, and those that Xcode gives the classes of its models."""
    for path in paths:
        if is_weights(path) or path.lower().endswith(_ARCHIVES):
            yield path.rpartition("/")[2]
        for part in path.split("/"):
            name, _, ending = part.rpartition(".")
            if ending in _COMPILED and len(name) >= SHORT_NAME_MIN_CHARS:
                yield name


def _is_python(block: CodeBlock) -> bool:
    """Whether a block is Python: labelled so, or not labelled and with an import."""
    return block.language in _PYTHON or (
        block.language in _UNLABELLED and bool(_PYTHON_SIGNS.search(block.text))
    )


def _in_sequence(programs: Sequence[Program]) -> Program:
    """Return several programs as one."""
    code = "\n".join(program.code for program in programs)
    repairs = dict.fromkeys(each for program in programs for each in program.repairs)
    return Program(code, parse_code(code), tuple(repairs))


def _judge(program: Program, where: str, model: OwnModel) -> Demonstration:
    """Judge a program."""
    with judging() as budget:
        budget.spend(_WHAT)
    tree = program.tree
    if tree is None:
        return Demonstration(False, False, ("it is no valid Python",), where)
    if not tree.body:
        # Comments, such as what a template leaves to do.
        return NOTHING
    shown = find_shown(tree)
    tree.body = [each for each in tree.body if each not in shown]
    built = BuiltStrings(tree)
    loads = loads_own(tree, built, model)
    repairs = [*program.repairs, *_find_repairs(tree, program.code, model)]
    if shown and not program.repairs:
        repairs.append("the printed output has to be left out")
    doubts = [] if loads else find_doubts(tree, built, model.repository.rpartition("/")[2])
    runs = not repairs
    if not loads and not doubts:
        repairs.append(_OTHER_MODEL)
    touches_model = loads or bool(doubts) or loads_any(tree)
    return Demonstration(
        runs and touches_model, loads, tuple(repairs[:5]), where, code=program.code,
        doubts=tuple(doubts),
    )  # fmt: skip


def _find_repairs(tree: ast.Module, code: str, model: OwnModel) -> Iterator[str]:
    """Yield what has to be done before a program runs."""
    yield from (f"{name} is not defined" for name in find_undefined(tree))
    yield from (f"{each} has to be filled in" for each in find_placeholders(tree, code))
    absent = find_absent_files(tree, model.files)
    yield from (f"{path} is not among the model's files" for path in absent)
    if model.needs_trust and "transformers" in code and "trust_remote_code" not in code:
        yield "trust_remote_code=True is missing, which the model's own code needs"


def _judge_other(block: CodeBlock, model: OwnModel) -> Demonstration:
    """Judge a block that is no Python: a command, or a language that is not read here."""
    text = block.text
    told = is_told(text, model)
    named = told or runs_script(text, model.files)
    gaps = list_gaps(text, model)
    if not named and not may_be_named(text, model.repository, model.weights):
        return _judge_gaps(block, gaps)
    language = find_language(text, block.language)
    if language:
        return _in_doubt(block, f"it is {language}, which is not read here")
    if is_on_training(block.section):
        return NOTHING
    script = SCRIPT.search(text)
    if script is not None and script[1].rpartition("/")[2] not in model.files:
        return _in_doubt(block, f"it starts {script[1]}, which is not among the model's files")
    if runs_any(text, model):
        if not named:
            return _in_doubt(block, "it names the model without its owner or its files")
        lacking = find_lacking(text, model.files)
        repairs = (*gaps, *(f"{each} is not among the model's files" for each in lacking))[:5]
        may_differ = not told and names_another(text, model)
        doubts = ("it may load another model",) if may_differ else ()
        return Demonstration(not repairs, True, repairs, block.section, doubts=doubts)
    if DOWNLOAD.search(text) and not gaps:
        return Demonstration(False, False, ("it only fetches the files",), block.section)
    return _judge_gaps(block, gaps)


def _judge_gaps(block: CodeBlock, gaps: Sequence[str]) -> Demonstration:
    """Judge commands that do not name the model: they run it once gaps for its name are filled."""
    if not gaps or is_on_training(block.section):
        return NOTHING
    return Demonstration(False, True, tuple(gaps[:5]), block.section)


def _in_doubt(block: CodeBlock, doubt: str) -> Demonstration:
    """Return the result for code that names the model and cannot be judged."""
    return Demonstration(False, True, (), block.section, doubts=(doubt,))


def _as_module(name: str) -> str:
    """Return the name under which Python imports a package."""
    return name.lower().replace("-", "_").replace(".", "_")
