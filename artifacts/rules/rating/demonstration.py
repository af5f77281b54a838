"""Whether the code in a card would run: read, never executed.

The Python blocks of a card are judged one by one and as one program, since many cards build theirs
up step by step. Hostile code costs no more than its length: sizes are bounded before parsing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from artifacts.rules.budget import judging
from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import CodeBlock

_WHAT = "The code in the card"
_BLOCK_MAX_CHARS = 20_000
_BLOCKS_MAX = 50
# Deeper brackets than any example needs; the parser's own limit is a crash on some systems.
_NESTING_MAX = 50
_PYTHON = frozenset(("python", "py", "python3", "pycon", "ipython", "ipython3", "jupyter"))
_PYTHON_SIGNS = Pattern(r"(?m)^\s*(?:>>> )?(?:import \w|from [\w.]+ import )")
_PROMPTS = (">>>", "...")
# Lines for a notebook or a shell among Python: `!pip install`, `%matplotlib`, `pip install`.
_NOT_PYTHON = ("!", "%", "pip install ", "pip3 install ", "$ pip install ", "$ pip3 install ")
_TAG = r"<[A-Za-z_][\w ./-]{1,60}>"
_PLACEHOLDER = (
    Pattern(rf"(?i){_TAG}|\{{\{{[^{{}}\n]{{1,60}}\}}\}}|\[More Information Needed\]")
    | Pattern(r"(?i)(?:your|my)_[a-z_]{2,}|todo", before=r"\w", after=r"\w")
    | Pattern(r"(?i)your[-_ ][a-z_-]+|path[/_]to[/_]", before=r"\w")
)
_QUOTED_TAG = Pattern(rf"\"({_TAG})\"|'({_TAG})'")
# Commands that run a model of the Hub without a line of Python.
_COMMAND = Pattern(
    r"ollama run|llama-(?:cli|server)|vllm serve|huggingface-cli|hf download"
    r"|transformers (?:chat|serve)|docker model run|python -m|sglang\.launch_server|llama-cpp",
    before=r"\w",
    after=r"\w",
)
# What Python's parser raises; pyflakes has it read strings that stand as annotations, too.
_NOT_PARSED = (SyntaxError, ValueError, RecursionError, MemoryError)
_LOADING = ("from_pretrained", "pipeline(", "load_model")
_FILE_CALLS = frozenset(("open", "read_csv", "imread", "load_audio", "read_image", "loadtxt"))


@dataclass(frozen=True)
class Demonstration:
    """What reading the code of a card came to.

    Attributes:
        runs: it parses, every name is defined, nothing is left to fill in.
        loads_model: it names the model's own repository, or builds it with the library.
        repairs: what has to be mended before it runs, in words; empty when `runs`.
        where: the section of the block, or "all blocks together".
        has_code: whether there was anything to read.
        code: the Python that was judged, cleaned of prompts; "" for commands and for nothing.
    """

    runs: bool
    loads_model: bool
    repairs: tuple[str, ...]
    where: str
    has_code: bool = True
    code: str = ""

    @property
    def score(self) -> float:
        """1 for what runs and loads the model, 0.5 for what nearly does, 0 for the rest."""
        if self.runs and self.loads_model:
            return 1.0
        return 0.5 if self.loads_model or self.runs else 0.0


NOTHING = Demonstration(False, False, (), "", has_code=False)


def judge_blocks(
    blocks: Iterable[CodeBlock], *, repository: str, library: str, paths: Sequence[str]
) -> Demonstration:
    """Return the best of a card's blocks, each alone and all of them one after another.

    Args:
        repository: the model's own name, as in `openai/whisper-tiny`.
        paths: of the repository's files, which code may open.

    Raises:
        TooMuchToRead: judging them takes more than it may.
    """
    names = frozenset(path.rpartition("/")[2] for path in paths)
    wanted = [block for block in blocks if 0 < len(block.text) <= _BLOCK_MAX_CHARS][:_BLOCKS_MAX]
    python = [block for block in wanted if _is_python(block)]
    found = [_judge(_cleaned(block.text), block.section, repository, library, names)
             for block in python]  # fmt: skip
    if len(python) > 1:
        whole = "\n".join(_cleaned(block.text) for block in python)
        if len(whole) <= _BLOCK_MAX_CHARS:
            found.append(_judge(whole, "all blocks together", repository, library, names))
    found += [_judge_command(block, repository) for block in wanted if not _is_python(block)]
    return max(found, key=lambda each: (each.score, -len(each.repairs)), default=NOTHING)


def _is_python(block: CodeBlock) -> bool:
    """Whether a block is Python: it says so, or says nothing and imports something."""
    return block.language in _PYTHON or (
        not block.language and bool(_PYTHON_SIGNS.search(block.text))
    )


def _cleaned(text: str) -> str:
    """Leave out prompts with the output between them, and lines for notebook and shell."""
    text = text.replace("\x00", "")
    if any(line.lstrip().startswith(">>> ") for line in text.split("\n")):
        lines = [line for line in map(str.lstrip, text.splitlines()) if line.startswith(_PROMPTS)]
        text = "\n".join(line[len(_PROMPTS[0]) :].removeprefix(" ") for line in lines)
    lines = text.split("\n")
    return _dedented("" if line.lstrip().startswith(_NOT_PYTHON) else line for line in lines)


def _dedented(lines: Iterable[str]) -> str:
    """Leave out the blanks that all lines but empty ones begin with."""
    kept = [line if line.strip(" \t") else "" for line in lines]
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in kept if line]
    # What the first and the last in alphabetical order share, all share.
    pairs = zip(min(indents, default=""), max(indents, default=""), strict=False)
    margin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return "\n".join(line[margin:] for line in kept)


def _with_print_called(code: str) -> str:
    """Return code of Python 2 with `print` as a function."""
    lines = []
    for line in code.split("\n"):
        shown = line.lstrip().removeprefix("print ")
        indent = line[: len(line) - len(line.lstrip())]
        is_old = bool(shown) and line.startswith("print ", len(indent))
        lines.append(f"{indent}print({shown})" if is_old else line)
    return "\n".join(lines)


def _judge(
    code: str, where: str, repository: str, library: str, names: frozenset[str]
) -> Demonstration:
    """Judge a program."""
    with judging() as budget:
        budget.spend(_WHAT)
    tree = _parsed(code)
    if tree is None:
        mended = _parsed(_with_print_called(code))
        if mended is None:
            return Demonstration(False, False, ("it is no valid Python",), where)
        shape = _judge_tree(mended, code, where, repository, library, names)
        repairs = ("print is a function", *shape.repairs)
        return Demonstration(False, shape.loads_model, repairs, where)
    return _judge_tree(tree, code, where, repository, library, names)


def _judge_tree(
    tree: ast.Module, code: str, where: str, repository: str, library: str, names: frozenset[str]
) -> Demonstration:
    """Judge a program that parses."""
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    loads = _loads(tree, strings, repository, library)
    repairs = [f"{name} is not defined" for name in _undefined(tree)]
    repairs += [f"{each} has to be filled in" for each in _placeholders(tree, code)]
    repairs += [f"{path} is not among the model's files" for path in _absent_files(tree, names)]
    if not loads:
        repairs.append("it does not load this model")
    runs = not repairs or (repairs == ["it does not load this model"])
    touches_model = loads or any(word in code for word in _LOADING)
    return Demonstration(runs and touches_model, loads, tuple(repairs[:5]), where, code=code)


def _judge_command(block: CodeBlock, repository: str) -> Demonstration:
    """Judge a shell block: a command that runs this model by its name is a demonstration."""
    name = repository.lower()
    if _COMMAND.search(block.text) and name and name in block.text.lower():
        return Demonstration(True, True, (), block.section)
    return NOTHING


def _parsed(code: str) -> ast.Module | None:
    """Return a program's tree, None for what does not parse."""
    depth = deepest = 0
    for character in code:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > _NESTING_MAX:
        return None
    try:
        return ast.parse(code)
    except _NOT_PARSED:
        return None


def _undefined(tree: ast.Module) -> list[str]:
    """Return the names that nothing defines, each once."""
    # Imported when it is needed: it takes a while to start.
    from pyflakes import checker, messages

    class Bounded(checker.Checker):  # type: ignore[misc]  # the library has no types
        """Looks at the budget at each node: the library takes quadratic time over some trees."""

        def handleNode(self, node: ast.AST | None, parent: ast.AST) -> None:  # noqa: N802  (the library's)
            budget.spend(_WHAT)
            super().handleNode(node, parent)

    try:
        with judging() as budget:
            found = Bounded(tree).messages
    except _NOT_PARSED:
        return ["a name"]
    names = [
        str(each.message_args[0]) for each in found if isinstance(each, messages.UndefinedName)
    ]
    # Notebooks have these without an import.
    return [name for name in dict.fromkeys(names) if name not in ("display", "get_ipython")]


def _placeholders(tree: ast.Module, code: str) -> list[str]:
    """Return what is left to fill in: in strings, or an ellipsis as a value."""
    # Tokens of a model's language (`<s>`, `<image>`) are no gaps. Such tokens are written inside
    # longer prompts; a gap stands alone between its quotation marks.
    quoted = {each[1] or each[2] for each in _QUOTED_TAG.finditer(code)}
    found = [
        match[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for match in [_PLACEHOLDER.search(node.value)]
        if match and (not match[0].startswith("<") or match[0] in quoted)
    ]
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.Assign))
    for node in calls:
        values = node.args if isinstance(node, ast.Call) else [node.value]
        found += ["..." for each in values if isinstance(each, ast.Constant) and each.value is ...]
    return list(dict.fromkeys(found))


def _absent_files(tree: ast.Module, names: frozenset[str]) -> list[str]:
    """Return files that the code reads and that the model's repository does not have."""
    written = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("save", "to_csv", "imwrite", "savefig", "write_video")
    }
    opened = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        value = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        is_reading = len(node.args) < 2 or not _is_mode(node.args[1])  # noqa: PLR2004  (a mode is the second)
        if name in _FILE_CALLS and isinstance(value, str) and is_reading:
            opened.append(value)
    return [
        each
        for each in dict.fromkeys(opened)
        if "://" not in each and each.rpartition("/")[2] not in names and each not in written
    ]


def _is_mode(node: ast.expr) -> bool:
    """Whether an argument is a mode that writes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and (
        node.value[:1] in ("w", "a", "x")
    )  # fmt: skip


def _loads(tree: ast.Module, strings: Sequence[str], repository: str, library: str) -> bool:
    """Whether a program loads this model: by its name, old or new, or by its library alone."""
    owner, _, short = repository.lower().rpartition("/")
    for value in strings:
        plain = value.lower().removeprefix("hf-hub:").removeprefix("hf_hub:")
        plain = plain.removeprefix("https://huggingface.co/").strip("/")
        if plain == repository.lower() or plain.startswith(f"{repository.lower()}/"):
            return True
        # The name from before models had owners, or the same under the owner's older name.
        if short and plain.rpartition("/")[2] == short:
            return True
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        str(node.module).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    # A library of the owner's own, such as `whisper` by openai, loads its models by short names.
    return bool(owner) and owner in imported and library.lower() in imported
