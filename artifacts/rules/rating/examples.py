"""The code in a card that somebody may start from, told apart from settings, prompts and gaps."""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.commands import is_on_training, list_commands
from artifacts.rules.readme import CodeBlock, Readme

# What is no program by its label, or, without one, by the lack of calls, assignments and commands:
# prompts, settings, trees of files and what a program printed are nothing to start from.
_NO_PROGRAMS = frozenset((
    "json", "yaml", "yml", "xml", "csv", "markdown", "md", "mermaid", "diff", "log", "output",
    "jinja", "ini", "toml",
))  # fmt: skip
_UNLABELLED = frozenset(("", "text", "txt", "plaintext", "none", "plain"))
_PROGRAM_SIGNS = Pattern(
    r"(?m)^\s*(?:>>> )?(?:import \w|from [\w.]+ import |def \w+\(|[\w.]+\("
    r"|[\w., ]+ = [\w.]*[\[({'\"]"
    r"|(?:\$ )?[\w./-]+ --\w[\w-]*(?:[ =]|$)"
    r"|(?:\$ |! ?)?(?:pip3?|python3?|conda|git|docker|ollama|vllm|curl|npm|npx|llama-\w+|hf|wget"
    r"|huggingface-cli|mlx_lm[.\w]*|uvx?|lerobot-\w+|\./[\w/-]+) )"
)
# What people leave where code is to follow: `from library import ...`, and a line of dots.
_GAP = Pattern(r"(?m)^\s*(?:(?:from \S+ )?import )?\.\.\.\s*$")
_CALL = Pattern(r"\w\(")
# What calls that train are named, and what the card says of the script with which it was done.
_TRAINING_CALL = Pattern(r"\.(?:train|fit|fit_one_cycle|fine_?tune|learn)\(")
_OF_NOTEBOOK = Pattern(
    r"(?i)notebooks? (?:\w+ ){0,4}(?:build|train|creat|fine-?tun)\w*"
    r"|(?:trained|built|created|tuned)(?: \w+){0,6} (?:in|by|with) (?:the|this|a|our)"
    r" (?:\w+ )?notebook",
    before=r"\w",
)
_OF_TRAINING = Pattern(
    r"(?i)to (?:pre-?|fine-?)?(?:train|tune) (?:this|the|our) (?:\w+ )?(?:model|tagger|network)"
    r"|(?:was|were) (?:pre-?|fine-?)?(?:trained|tuned) (?:with|using|by) (?:the|this)"
    r" (?:following|code|script)|reproduce (?:the|this|our) training",
    before=r"\w",
)


def find_start(readme: Readme) -> CodeBlock | None:
    """Return the first block of a program or of commands, None for none."""
    for block in readme.code_blocks:
        if _is_program(block):
            return block
    return None


def shows_use(readme: Readme) -> bool:
    """Whether a program does more than to install a library, to fetch files, or to train."""
    return any(
        _is_program(each) and any(list_commands(each.text)) and not is_on_training(each.section)
        for each in readme.code_blocks
    )


def shows_training(readme: Readme) -> bool:
    """Whether a block is said to be what the model was trained with, and trains something."""
    return any(
        _TRAINING_CALL.search(each.text)
        and (_OF_TRAINING.search(each.section) or _OF_TRAINING.search(each.lead))
        for each in readme.code_blocks
    )


def find_notebook(readme: Readme, paths: Iterable[str]) -> str:
    """Return the first notebook beside a model whose card says that one made it, "" for none."""
    if not any(_OF_NOTEBOOK.search(each.text) for each in readme.sections):
        return ""
    return next((each for each in sorted(paths) if each.lower().endswith(".ipynb")), "")


def is_gap(block: CodeBlock) -> bool:
    """Whether a block only shows where code is to follow."""
    return bool(_GAP.search(block.text)) and not _CALL.search(block.text)


def _is_program(block: CodeBlock) -> bool:
    """Whether a block is a program or holds commands, and not only gaps to fill in."""
    if block.is_citation or block.language in _NO_PROGRAMS:
        return False
    if block.language not in _UNLABELLED and not _is_more_than_comments(block.text):
        return False
    if is_gap(block):
        return False
    return block.language not in _UNLABELLED or bool(_PROGRAM_SIGNS.search(block.text))


def _is_more_than_comments(text: str) -> bool:
    """Whether a line is neither empty nor a comment: templates leave comments on what to do."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
