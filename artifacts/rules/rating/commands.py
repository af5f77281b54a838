"""Commands in a card: which of them run the model, and what is left to fill in before they do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import dropwhile

from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Readme
from artifacts.rules.weights import USUAL_NAMES

# Commands that run a model of the Hub without any Python.
COMMAND = Pattern(
    r"ollama run|llama-(?:cli|server)|vllm serve|transformers (?:chat|serve)|docker model run"
    r"|python3? -m|sglang\.launch_server|llama-cpp|mlx_lm[.\w]*|text-generation-launcher"
    r"|docker run|lms load|lerobot-\w+|uvx?|trl \w+|yolo (?:\w+ )?(?:predict|val|track)",
    before=r"\w",
    after=r"\w",
)
DOWNLOAD = Pattern(r"huggingface-cli|hf download", before=r"\w", after=r"\w")
SCRIPT = Pattern(r"python3? (?:-\w+ )*([\w./-]+\.py)", before=r"\w", after=r"\w")
# The value of an option that names a model, however its program is called.
_MODEL_OPTION = Pattern(
    r"(?i)[ \t]--?(?:m|model|voice|weights?|checkpoint|ckpt|policy|pretrained)"
    r"(?:[-_.](?:path|file|name|id|dir|checkpoint|repo))?(?:[ \t]+|=)"
    r"[\"']?(<[^<>\n]{1,60}>|[^\s\"']+)"
)
# Any option with a name of the Hub, and one with a file of settings.
_NAMED_OPTION = Pattern(r"[ \t]--?([A-Za-z][\w.-]*)(?:[ \t]+|=)[\"']?(\w[\w.-]*/[\w.-]*\w)")
_SETTINGS_OPTION = Pattern(
    r"(?i)[ \t]--?(?:c|cfg|conf|config)(?:[-_](?:file|path|name))?(?:[ \t]+|=)[\"']?([\w./-]+\w)"
)
WRITING = ("out", "save", "dest", "target")
# What moves files and installs programs; the model is run by others.
_HOUSEKEEPING = frozenset((
    "apt", "apt-get", "brew", "cat", "cd", "chmod", "conda", "cp", "curl", "docker", "echo",
    "export", "git", "hf", "huggingface-cli", "ln", "ls", "mamba", "mkdir", "mv", "npm", "pip",
    "pip3", "rm", "sha256sum", "source", "tar", "unzip", "uv", "venv", "wget",
))  # fmt: skip
# What some of them start, which may well be a model.
_STARTING = ("docker compose", "docker model run", "docker run", "uv run")
_PROMPTS = "$!%> "
_TRAINING = Pattern(
    r"(?i)(?:fine-?)?(?:train|tune)\w*|convert\w*|export\w*", before="a-z", after=""
)
# Options by which one program does several things.
_MODE = Pattern(r"(?i)[ \t](?:--?)?(?:mode|phase|stage)(?:[ \t]+|=)[\"']?([\w-]+)")
_TRAINING_FLAG = Pattern(
    r"(?i)[ \t]--((?:do[-_])?(?:train|fine-?tune|tune|convert|export))(?:[ \t]|\z)"
)
_SUBCOMMAND = Pattern(r"[A-Za-z][\w-]*")
_SUBCOMMANDS_MAX = 2
_SCRIPT_ENDINGS = (".py", ".sh")
# Programs whose `-m` is a module, where it is a model of others.
_STARTERS = ("python", "torchrun", "accelerate")
# Names of weights that say nothing of the model.
_USUAL_STEMS = frozenset((
    *USUAL_NAMES, "best_model", "checkpoint", "final_model", "learned_embeds", "model_best",
    "pytorch_lora_weights",
))  # fmt: skip
WORD = Pattern(r"[\w./-]+")
# Shorter names are words of the language, or parts of others.
SHORT_NAME_MIN_CHARS = 8
_TRAINS = Pattern(
    r"(?i)(?:pre-?|fine-?)?(?:train|training|tune|tuning)", before="A-Za-z", after="A-Za-z"
)
_USES = Pattern(
    r"(?i)use|usage|using|infer\w*|test\w*|eval\w*|predict\w*|demo\w*|run", before=r"\w"
)
_RUNNING = Pattern(r"(?i)(?:predict|infer|transcrib|synthesi[sz]|denois)", before="a-z")
_PIPE = Pattern(r"\|\|?|&&|;")


def list_commands(text: str) -> Iterator[str]:
    """Yield the commands of a block that may run a model, with a blank before each."""
    return (f" {each}" for each in divide_commands(text) if not is_housekeeping(each))


def divide_commands(text: str) -> Iterator[str]:
    """Yield all commands of a block, without prompts and comments."""
    for line in text.replace("\\\n", " ").split("\n"):
        plain = line.strip().lstrip(_PROMPTS)
        if plain.startswith(("#", "//")):
            continue
        start = 0
        for end in (*(each.span() for each in _PIPE.finditer(plain)), (len(plain), len(plain))):
            command = plain[start : end[0]].strip()
            start = end[1]
            if command:
                yield command


def is_housekeeping(command: str) -> bool:
    """Whether a command only moves files, or fetches or installs something."""
    plain = command.removeprefix("sudo ")
    for python in ("python -m ", "python3 -m "):
        plain = plain.removeprefix(python)
    start = " ".join(plain.split(maxsplit=3)[:3])
    return not start or (_program(plain) in _HOUSEKEEPING and not start.startswith(_STARTING))


def find_models(text: str) -> list[str]:
    """Return what commands name as the model to run, by an option of theirs."""
    runs = (each for each in list_commands(text) if not _trains(each))
    return [found[1] for each in runs for found in _MODEL_OPTION.finditer(each)]


def runs_by_name(text: str) -> bool:
    """Whether a command says by the name of its program that it runs a model: `tea_predict`."""
    return any(_RUNNING.search(_program(each)) for each in list_commands(text))


def runs_package(text: str, package: str) -> bool:
    """Whether a command is the program of the model's own package, and does not train."""
    return bool(package) and any(
        _program(each).replace("-", "_").lower() == package and not _trains(each)
        for each in list_commands(text)
    )


def is_given(text: str, repository: str) -> bool:
    """Whether an option of a command that runs something has the model's full name."""
    return any(
        found[2].lower() == repository.lower() and not found[1].lower().startswith(WRITING)
        for each in list_commands(text)
        if not _trains(each)
        for found in _NAMED_OPTION.finditer(each)
    )


def runs_settings(text: str, files: Collection[str]) -> bool:
    """Whether a command is given a file of settings of the repository, but not those of training.

    Args:
        files: the names of the repository's files, without folders.
    """
    return any(
        found[1].rpartition("/")[2] in files and not _TRAINING.search(found[1])
        for each in list_commands(text)
        if not _trains(each)
        for found in _SETTINGS_OPTION.finditer(each)
    )


def is_on_training(title: str) -> bool:
    """Whether commands below a title train a model, and do not run it."""
    return _TRAINS.search(title) is not None and not _USES.search(title)


def find_training_script(readme: Readme, paths: Iterable[str]) -> str:
    """Return the file that the card's commands train with, "" for none."""
    names = {path.rpartition("/")[2]: path for path in paths}
    for block in readme.code_blocks:
        for command in list_commands(block.text):
            script = SCRIPT.search(command)
            trains = is_on_training(block.section) or any(map(_TRAINS.search, _list_names(command)))
            if script is not None and trains:
                path = names.get(script[1].rpartition("/")[2])
                if path:
                    return path
    return ""


def runs_script(text: str, files: Collection[str]) -> bool:
    """Whether a command runs a script of the repository on a model that it names."""
    runs = (each for each in list_commands(text) if not _trains(each))
    return any(
        script[1].rpartition("/")[2] in files
        for each in runs
        if (script := SCRIPT.search(each)) is not None and _MODEL_OPTION.search(each)
    )


def _trains(command: str) -> bool:
    """Whether a command trains or converts a model: values of its options do not say so."""
    return any(map(_TRAINING.search, _list_names(command)))


def _list_names(command: str) -> Iterator[str]:
    """Yield what says what a command does: program, script or module, subcommands and mode."""
    # Variables of the environment may stand before the program.
    words = list(dropwhile(lambda word: "=" in word, command.split()))
    starts = [0]
    script = next((at for at, each in enumerate(words) if each.endswith(_SCRIPT_ENDINGS)), 0)
    module = words.index("-m") + 1 if "-m" in words else 0
    if script:
        starts.append(script)
    # Behind a script, `-m` is the script's own option.
    before = words[: max(0, module - 1)] if not 0 < script < module else []
    if any(each.rpartition("/")[2].startswith(_STARTERS) for each in before):
        starts.append(module)
    for start in starts:
        for name in words[start : start + 1]:
            yield name.rpartition("/")[2]
        for word in words[start + 1 : start + 1 + _SUBCOMMANDS_MAX]:
            if not _SUBCOMMAND.fullmatch(word):
                break
            yield word
    for found in (*_MODE.finditer(command), *_TRAINING_FLAG.finditer(command)):
        yield found[1]


def is_named(text: str, repository: str, weights: Collection[str]) -> bool:
    """Whether commands name the model: by its name, its owner and the parts of its name, or a file.

    `load_from_hub --algo ppo --env LunarLander-v2 -orga sb3` has all of `sb3/ppo-LunarLander-v2`.
    """
    lower, name = text.lower(), repository.lower()
    if not name or name in lower:
        return bool(name)
    words = {each.rpartition("/")[2] for each in WORD.findall(lower)}
    if not words.isdisjoint(weights):
        return True
    owner, slash, short = name.partition("/")
    return bool(slash) and owner in words and _is_spelled(short, words)


def _is_spelled(name: str, words: set[str]) -> bool:
    """Whether words, joined by hyphens, are a name: `ppo` and `lunarlander-v2`."""
    head = name
    while head:
        if head in words:
            rest = name[len(head) :].strip("-_")
            return not rest or _is_spelled(rest, words)
        head = head.rpartition("-")[0]
    return False


def may_be_named(text: str, repository: str, weights: Collection[str]) -> bool:
    """Whether commands have the model's name without its owner, or its file's without an ending."""
    words = {each.partition(".")[0] for each in weights} - _USUAL_STEMS
    if any(len(each) >= SHORT_NAME_MIN_CHARS for each in words & set(WORD.findall(text.lower()))):
        return True
    short = "".join(filter(str.isalnum, repository.lower().rpartition("/")[2]))
    joined = "".join(filter(str.isalnum, text.lower()))
    return len(short) >= SHORT_NAME_MIN_CHARS and short in joined


def _program(command: str) -> str:
    """Return the name of a command's program."""
    return command.split(maxsplit=1)[0].rpartition("/")[2]
