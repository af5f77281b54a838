"""Which files of a listing train a model, and which run it, by their names."""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.rules.patterns import Pattern

# One path per line, since a search for each path would cost more.
_TRAINING_FILE = Pattern(
    r"(?im)^(?:.*/)?(?:[\w-]*[_-])?(?:pre-?|fine-?)?(?:train|tune|tuning|training|trainer)"
    r"(?:[_-][\w-]*)?(?:/.*)?\.(?:py|sh|mk|ipynb|ya?ml|toml|cc|cpp|rs|jl|r|m)$"
)
_NO_TRAINING_FILE = Pattern(r"(?i)(?:^|/)(?:tests?/|test_|conftest|__init__)|_test\.")
# Names of files that run a model or define it; the first of these is shown.
_MODEL_FILE = Pattern(
    r"(?im)^(?:.*/)?(?:[\w-]*[_-])?(?:model(?:ing|ling|s)?|pipeline|handler|infer(?:ence)?|predict"
    r"|generate|run|demo|app)(?:[_-][\w-]*)?\.py$"
)
# Files of Python that only configure, convert, install, measure or prepare something.
_NO_MODEL_FILE = Pattern(
    r"(?i)(?:^|/|[_-])(?:config(?:uration)?|configure|convert(?:er)?|conversion|setup|eval(?:uate|uation)?"
    r"|bench(?:mark)?|preprocess(?:ing)?|prepare|token(?:ization|izer)|upload|download)(?:[_-][\w-]*)?\.py$"
)


def find_training_file(paths: Iterable[str]) -> str:
    """Return the first file that is named after training, "" for none; tests do not count."""
    listed = sorted(each for each in paths if not _NO_TRAINING_FILE.search(each))
    found = _TRAINING_FILE.search("\n".join(listed))
    return found[0] if found else ""


def find_inference_file(paths: Iterable[str]) -> str:
    """Return a file of Python that may run the model, "" for none.

    One that is named after that goes first; scripts of training, settings and tests do not count.
    """
    listed = sorted(
        each
        for each in paths
        if each.endswith(".py")
        and not any(
            every.search(each) for every in (_NO_TRAINING_FILE, _TRAINING_FILE, _NO_MODEL_FILE)
        )
    )
    found = _MODEL_FILE.search("\n".join(listed))
    return found[0] if found else next(iter(listed), "")
