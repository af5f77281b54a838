"""What is wrong with a program, or cannot be told by reading it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from artifacts.rules.budget import judging
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.code_strings import BuiltStrings, find_saved
from artifacts.rules.rating.code_text import NOT_PARSED, list_nodes, name_of

_WHAT = "The code in the card"
_TAG = r"<[A-Za-z_][\w ./-]{1,60}>"
_PLACEHOLDER = (
    Pattern(rf"(?i){_TAG}|\{{\{{[^{{}}\n]{{1,60}}\}}\}}|\[More Information Needed\]")
    | Pattern(r"(?i)(?:your|my)_[a-z_]{2,}|todo", before=r"\w", after=r"\w")
    | Pattern(r"(?i)your[-_ ][a-z_-]+|path[/_]to[/_][\w./-]*", before=r"\w")
    | Pattern(r"(?i)(?:\w+[_ -])?goes[_ -]here|(?:insert|put)[_ -]\w+[_ -](?:here)", before=r"\w")
)
_QUOTED_TAG = Pattern(rf"\"({_TAG})\"|'({_TAG})'")
# Functions of usual names that read files, with their modules.
_FILE_READERS = frozenset((
    "torchaudio.load", "librosa.load", "sf.read", "soundfile.read", "wavfile.read", "np.load",
    "numpy.load", "torch.load", "joblib.load", "cv2.VideoCapture", "AudioSegment.from_file",
    "AudioSegment.from_wav",
))  # fmt: skip
# Recordings and pictures in folders, which people have where they wrote the example; functions that
# begin otherwise read them.
_RECORDING = Pattern(r"(?:[\w.-]+/)+[\w.-]+\.(?:wav|flac|mp3|ogg|jpe?g|png|mp4)")
# What a model is called with. By its plain name it is read where nothing else in the code names it.
_PLAIN_RECORDING = Pattern(r"[\w-]+\.(?:wav|flac|mp3|ogg|jpe?g|png|mp4|tiff?)")
_TO_WRITE = ("out", "result", "save", "gen")
# Calls that write the files that they are given, or fetch them, and those that read no file.
_SAVERS = (
    "save", "write", "export", "to_", "imwrite", "imsave", "mimsave", "mimwrite", "get_writer",
    "VideoWriter",
)  # fmt: skip
_WRITERS = (*_SAVERS, "urlretrieve", "download")
_READ_NOTHING = ("make", "join", "print", "Path", "exists", "isfile", "remove", "unlink")
_SEEKING = frozenset((
    "replace", "split", "rsplit", "strip", "lstrip", "rstrip", "partition", "rpartition", "find",
    "index", "count", "startswith", "endswith", "removeprefix", "removesuffix",
    "convert_tokens_to_ids", "add_tokens",
))  # fmt: skip
_FILE_CALLS = frozenset(("open", "imread", "load_audio", "loadtxt"))
# What other libraries call their readers; they take names with an ending only, and other texts too.
_READERS = ("read", "from_file")
_WITH_ENDING = Pattern(r"[\w./ -]{1,100}\.[A-Za-z]\w{0,9}")
_MODE_LETTERS = frozenset("rwaxbt+")
# How libraries show values that have no literal: in what a program printed, they are no names.
_SHOWN_VALUES = frozenset((
    "tensor", "array", "nan", "inf", "Tensor", "dtype", "device", "float32", "float64", "int32",
    "int64", "DataFrame", "Dataset", "DatasetDict", "BatchEncoding", "Segment",
))  # fmt: skip
# Calls that load a model, and the arguments that name it.
_LOADERS = frozenset((
    "from_pretrained", "pipeline", "load_model", "create_model", "create_model_and_transforms",
    "snapshot_download", "hf_hub_download", "from_pretrained_keras", "SentenceTransformer",
    "CrossEncoder", "InferenceClient", "LLM", "Llama", "WhisperModel", "YOLO", "load_learner",
    "from_hparams", "load_from_hub", "SetFitModel", "get_peft_model",
))  # fmt: skip
_MODEL_ARGUMENTS = frozenset((
    "model", "model_id", "model_name", "repo_id", "pretrained_model_name_or_path", "model_path",
    "source", "name", "model_name_or_path",
))  # fmt: skip
_FOLDER_STARTS = ("./", "../", "/", "~")
# What begins with an owner, a name and a file of the Hub, and how folders are called that begin so.
HUB_ADDRESSES = ("hf-hub:", "hf_hub:", "hf://", "https://huggingface.co/")
_HUB_PATH = Pattern(r"(\w[\w.-]*)/\w[\w.-]*/.+")
_FOLDER_ENDS = (
    "model", "models", "weights", "checkpoint", "checkpoints", "ckpt", "ckpts", "pretrained",
    "data", "output", "outputs", "results", "runs", "assets", "files", "tmp", "ui",
)  # fmt: skip


def find_shown(tree: ast.Module) -> list[ast.stmt]:
    """Return the statements that are printed values, such as `tensor([0.1])` below a call."""
    shown: list[ast.stmt] = []
    for previous, statement in zip(tree.body, tree.body[1:], strict=False):
        names = {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}
        follows = isinstance(previous, ast.Expr) or previous in shown
        if isinstance(statement, ast.Expr) and follows and names and names <= _SHOWN_VALUES:
            shown.append(statement)
    return shown


def find_doubts(tree: ast.Module, strings: BuiltStrings, name: str = "") -> list[str]:
    """Return why it cannot be told which model a program loads, none if its calls tell.

    Args:
        name: the model's own, without its owner, which a folder that holds it may have.
    """
    arguments = list(model_arguments(tree))
    values = [strings.evaluate(each) for each in arguments]
    name = name.lower()
    named = {value for each in values for value in each}
    if any("/" in each and not each.startswith(_FOLDER_STARTS) for each in named):
        return []
    is_folder = bool(name) and any(
        each.startswith(_FOLDER_STARTS) and each.rstrip("/").rpartition("/")[2].lower() == name
        for each in strings.find_all()
    )
    if is_folder or (named and all(each.startswith(_FOLDER_STARTS) for each in named)):
        return ["it loads a model out of a folder"]
    if arguments and not all(values):
        return ["which model it loads is only known when it runs"]
    return []


def is_of_another(path: str, name: str, folders: frozenset[str]) -> bool:
    """Whether the path of a file leads to a repository of the Hub that is not the model's.

    Args:
        path: in lower case, and not in the model's repository by its full name.
        name: the model's own, without its owner, which a copy of its folder has.
        folders: those of the model's repository.
    """
    if path.startswith(HUB_ADDRESSES):
        return True
    found = _HUB_PATH.fullmatch(path)
    first = found[1] if found else ""
    return bool(first) and first != name and first not in folders and (
        not first.endswith(_FOLDER_ENDS)
    )  # fmt: skip


def model_arguments(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what names a model in the calls that load one."""
    for node in list_nodes(tree):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node)
        if name not in _LOADERS:
            continue
        by_keyword = [each.value for each in node.keywords if each.arg in _MODEL_ARGUMENTS]
        # The first argument of a pipeline is its task.
        first = [] if name == "pipeline" or by_keyword else node.args[:1]
        yield from (*by_keyword, *first)


def find_undefined(tree: ast.Module) -> list[str]:
    """Return each undefined name once."""
    # Imported only when needed: it is slow to import.
    from pyflakes import checker, messages

    class Bounded(checker.Checker):  # type: ignore[misc]  # the library has no types
        """Checks the budget at each node: the library takes quadratic time for some trees."""

        def handleNode(self, node: ast.AST | None, parent: ast.AST) -> None:  # noqa: N802  (the library's)
            budget.spend(_WHAT)
            super().handleNode(node, parent)

    try:
        with judging() as budget:
            found = Bounded(tree).messages
    except NOT_PARSED:
        return ["a name"]
    names = [
        str(each.message_args[0]) for each in found if isinstance(each, messages.UndefinedName)
    ]
    # Notebooks have these without an import.
    return [name for name in dict.fromkeys(names) if name not in ("display", "get_ipython")]


def loads_any(tree: ast.Module) -> bool:
    """Whether a call that loads a model is there, whichever model it loads."""
    calls = (node.func for node in list_nodes(tree) if isinstance(node, ast.Call))
    names = (getattr(each, "attr", None) or getattr(each, "id", "") for each in calls)
    return any(name in _LOADERS for name in names)


def find_placeholders(tree: ast.Module, code: str) -> list[str]:
    """Return what is left to fill in: gaps in strings, or an ellipsis as a value."""
    # A model's special tokens (`<s>`, `<image>`) are not gaps. Tokens occur inside longer prompts;
    # a gap stands alone between quotation marks.
    # One that a program looks for in a text, or replaces there, is a token, too.
    quoted = {each[1] or each[2] for each in _QUOTED_TAG.finditer(code)}
    quoted -= set(_list_sought(tree))
    # Results go to a file of any name: nobody has to fill it in.
    saved = find_saved(list_nodes(tree), _SAVERS)
    found = [
        match[0]
        for node in list_nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in saved
        for match in [_PLACEHOLDER.search(node.value)]
        if match and (not match[0].startswith("<") or match[0] in quoted)
    ]
    calls = (node for node in list_nodes(tree) if isinstance(node, ast.Call | ast.Assign))
    for node in calls:
        values = node.args if isinstance(node, ast.Call) else [node.value]
        found += ["..." for each in values if isinstance(each, ast.Constant) and each.value is ...]
    return list(dict.fromkeys(found))


def _list_sought(tree: ast.Module) -> Iterator[str]:
    """Yield the texts that a program looks for in others, such as `<NL>`."""
    for node in list_nodes(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _SEEKING:
            yield from _texts(node.args)


def find_absent_files(tree: ast.Module, names: frozenset[str]) -> list[str]:
    """Return files that the code reads and that the model's repository lacks."""
    opened: list[str] = []
    written: set[str] = set()
    elsewhere = set(_later_texts(tree))
    for node in list_nodes(tree):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node)
        value = next((each.value for each in node.args[:1] if isinstance(each, ast.Constant)), None)
        module = node.func.value if isinstance(node.func, ast.Attribute) else None
        full_name = f"{getattr(module, 'id', '') or getattr(module, 'attr', '')}.{name}"
        is_reader = name in _FILE_CALLS or full_name in _FILE_READERS or _reads(name, value)
        if name.startswith(_WRITERS) or (is_reader and _is_writing(node)):
            written.update(_texts((*node.args, *(each.value for each in node.keywords))))
        elif is_reader and isinstance(value, str):
            # A path that is an object is opened with a mode alone: `Path("a").open("w")`.
            opened += [] if _MODE_LETTERS.issuperset(value) else [value]
        elif not name.startswith(_READ_NOTHING):
            opened += filter(_RECORDING.fullmatch, _texts(node.args))
            if _is_plain_recording(value) and value not in elsewhere:
                opened.append(value)
    return [
        each
        for each in dict.fromkeys(opened)
        if "://" not in each and each.rpartition("/")[2] not in names and each not in written
    ]


def _reads(name: str, value: object) -> bool:
    """Whether a call named like a reader takes the name of a file."""
    is_called = name in _READERS or name.startswith("read_")
    return is_called and isinstance(value, str) and _WITH_ENDING.fullmatch(value) is not None


def _is_plain_recording(value: object) -> TypeGuard[str]:
    """Whether an argument is a recording or picture without a folder, and no result."""
    return (
        isinstance(value, str)
        and _PLAIN_RECORDING.fullmatch(value) is not None
        and not value.startswith(_TO_WRITE)
    )


def _later_texts(tree: ast.Module) -> Iterator[str]:
    """Yield the texts that calls take behind the first: files that they fetch or write."""
    for node in list_nodes(tree):
        if isinstance(node, ast.Call):
            yield from _texts((*node.args[1:], *(each.value for each in node.keywords)))


def _texts(arguments: Sequence[ast.expr]) -> Iterator[str]:
    """Yield the arguments that are texts."""
    for each in arguments:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _is_writing(call: ast.Call) -> bool:
    """Whether a call that opens a file writes it: its mode is the second argument, or named."""
    modes = (*call.args[1:2], *(each.value for each in call.keywords if each.arg == "mode"))
    return any(each.startswith(("w", "a", "x")) for each in _texts(modes))
