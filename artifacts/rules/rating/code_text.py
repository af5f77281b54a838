"""Programs out of code blocks, which people write with prompts, shell lines and printed output.

A block may be read in several ways: what stands behind `>>>` is input in a session of Python, and
output in a script that somebody annotated. Each way is a program; the best one counts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from artifacts.rules.budget import judging
from artifacts.rules.patterns import Pattern

_WHAT = "The code in the card"
# Deeper brackets than any example needs; on some systems the parser crashes at its own limit.
_NESTING_MAX = 50
# What Python's parser raises; pyflakes also runs it on annotations that are strings.
NOT_PARSED = (SyntaxError, ValueError, RecursionError, MemoryError)
_PROMPTS = (">>>", "...")
_CELL = Pattern(r"\s*(?:In ?\[\d*\]:|\.\.\.:) ?")
# Output that says so itself.
_MARKED_OUTPUT = ("=>", "->", "-->", "Out[", "\u2192", "\u21d2", "\u27a1")
# Notebook and shell lines among Python code: `!pip install`, `%matplotlib`, `pip install`.
_NOT_PYTHON = (
    "!", "%", "$ ", "pip install ", "pip3 install ", "conda install ", "git clone ", "apt-get ",
    "apt install ", "uv pip install ", "python -m pip ", "wget ", "cd ",
)  # fmt: skip
# Lines that nobody prints: statements, assignments, calls, decorators.
_CODE_LINE = Pattern(
    r"\s*(?:(?:import|from|def|class|if|elif|for|while|with|return|raise|assert|del|global|async"
    r"|await|except)\s|(?:else|try|finally)\s*:|[\w.,\s\[\]*'\"]*[-+*/|&]?=[^=]|[\w.]+\(|@|[)\]}]).*"
)
# What is left to fill in, as a name between angle brackets that no quotation marks surround.
_GAP = Pattern(r"<[A-Za-z][\w ./-]{1,60}>", before="\"'\\w<", after="\"'\\w>")
_OUTPUT = "the printed output has to be left out"
_PROMPTED = "the prompts have to be left out"
# More lines of output than this, each found by an attempt to parse, are not worth the time.
_OUTPUT_LINES_MAX = 25
# A block has a few readings, and each is looked through by a dozen questions.
_TREES_REMEMBERED = 8


@dataclass(frozen=True)
class Program:
    """A way to read a block.

    Attributes:
        code: without prompts, shell lines and output.
        tree: None if it is no valid Python.
        repairs: what somebody who copies the block has to do first, in words.
    """

    code: str
    tree: ast.Module | None
    repairs: tuple[str, ...] = ()


def read_programs(text: str) -> Iterator[Program]:
    """Yield the ways to read a block as a program."""
    lines = text.replace("\x00", "").split("\n")
    if any(_CELL.match(line) for line in lines):
        yield _read([line[found.end() :] for line in lines if (found := _CELL.match(line))])
    elif any(_is_prompted(line) for line in lines):
        shown = [line.lstrip() for line in lines]
        if not next(line for line in shown if line).startswith(_PROMPTS[0]):
            yield _read([line for line in lines if not _is_prompted(line)], repair=_OUTPUT)
            yield _read([_without_prompt(line) for line in lines], repair=_PROMPTED)
        yield _read([_without_prompt(line) for line in shown if line.startswith(_PROMPTS)])
    else:
        yield _read(lines)


def _read(lines: Sequence[str], repair: str = "") -> Program:
    """Return lines as a program.

    Args:
        repair: what somebody who copies the block has to do to get these lines, "" for nothing.
    """
    kept = [line for line in lines if not line.lstrip().startswith(_MARKED_OUTPUT)]
    if len(kept) < len(lines):
        repair = repair or _OUTPUT
    code = _dedented("" if line.lstrip().startswith(_NOT_PYTHON) else line for line in kept)
    repairs = (repair,) if repair else ()
    tree = parse_code(code)
    if tree is None:
        mended = _with_print_called(code)
        tree = parse_code(mended) if mended != code else None
        if tree is not None:
            return Program(code, tree, ("print is a function", *repairs))
        filled = _with_gaps_quoted(code)
        tree = parse_code(filled) if filled != code else None
        if tree is not None:
            return Program(filled, tree, repairs)
        shorter = _without_output(code)
        tree = parse_code(shorter)
        if tree is not None:
            return Program(shorter, tree, repairs or (_OUTPUT,))
    return Program(code, tree, repairs)


def parse_code(code: str) -> ast.Module | None:
    """Return a program's syntax tree, None if it does not parse."""
    depth = deepest = 0
    for character in code:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > _NESTING_MAX:
        return None
    try:
        return ast.parse(code)
    except NOT_PARSED:
        return None


@lru_cache(maxsize=_TREES_REMEMBERED)
def list_nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes of a syntax tree, which is walked once, however many look through it."""
    return tuple(ast.walk(tree))


def name_of(call: ast.Call) -> str:
    """Return the last word of what is called, "" for none."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _without_output(code: str) -> str:
    """Return code without the lines that the parser rejects and that look printed."""
    lines = code.split("\n")
    has_run = False
    printed = set()
    for number, line in enumerate(lines):
        if has_run and line.strip() and not _CODE_LINE.fullmatch(line):
            printed.add(number)
        has_run = has_run or "(" in line
    with judging() as budget:
        for _ in range(_OUTPUT_LINES_MAX):
            budget.spend(_WHAT)
            try:
                ast.parse("\n".join(lines))
                break
            except SyntaxError as error:
                number = (error.lineno or 0) - 1
                if number not in printed:
                    break
                lines[number] = ""
                printed.discard(number)
            except NOT_PARSED:
                break
    return "\n".join(lines)


def _is_prompted(line: str) -> bool:
    """Whether a line begins with Python's prompt."""
    return line.lstrip().startswith(f"{_PROMPTS[0]} ")


def _without_prompt(line: str) -> str:
    """Return a line without Python's prompt."""
    shown = line.lstrip()
    if not shown.startswith(_PROMPTS):
        return line
    return shown[len(_PROMPTS[0]) :].removeprefix(" ")


def _dedented(lines: Iterable[str]) -> str:
    """Remove the blanks that all lines except empty ones begin with."""
    kept = [line if line.strip(" \t") else "" for line in lines]
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in kept if line]
    # All texts share what the first and the last in alphabetical order share.
    pairs = zip(min(indents, default=""), max(indents, default=""), strict=False)
    margin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return "\n".join(line[margin:] for line in kept)


def _with_gaps_quoted(code: str) -> str:
    """Return code with the gaps between angle brackets as texts, which are gaps as well."""
    pieces, end = [], 0
    for found in _GAP.finditer(code):
        pieces += [code[end : found.start()], f'"{found[0]}"']
        end = found.end()
    return "".join((*pieces, code[end:]))


def _with_print_called(code: str) -> str:
    """Return Python 2 code with `print` as a function."""
    lines = []
    for line in code.split("\n"):
        shown = line.lstrip().removeprefix("print ")
        indent = line[: len(line) - len(line.lstrip())]
        is_old = bool(shown) and line.startswith("print ", len(indent))
        lines.append(f"{indent}print({shown})" if is_old else line)
    return "\n".join(lines)
