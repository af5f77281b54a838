"""How well the model's code is kept, as far as its repository shows from outside."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.curves import halves, logarithmic, rounded, weighted
from artifacts.rules.rating.evidence import CodeFacts, Evidence, FileFacts, Missing
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown

_WEIGHTS = {
    "tests": 0.25,
    "documentation": 0.20,
    "use by others": 0.20,
    "declared dependencies": 0.12,
    "continuous integration": 0.10,
    "license": 0.05,
    "style rules": 0.04,
    "upkeep": 0.04,
}
# One file of tests for seven of code: what repositories with a serious suite reach.
_FULL_TEST_SHARE = 1 / 7
# A README of 4 kB explains installation and use; a longer one does no harm.
_FULL_README_BYTES = 4_000
# Ten thousand stars: as many eyes as code can have.
_FULL_STARS = 10_000
# The quality of a library says little about the model that it loads.
_LIBRARY_SHARE = 0.2
_BASE_MODEL_SHARE = 0.8
# The patterns are looked for in lists of paths, one a line: a search for each path costs more.
_CODE_FILE = Pattern(r"(?im)^.*\.(?:py|js|ts|c|cc|cpp|cu|rs|go|java|jl|r|swift|scala|lua|m)$")
_TEST_FILE = Pattern(
    r"(?im)^(?:.*/)?(?:tests?|testing)/.*$|^(?:.*/)?test_[^/\n]*$|^.*[^/\n]_tests?\.[a-z]+$"
)
_CI = Pattern(
    r"(?im)^(?:\.github/workflows/[^/\n]+\.ya?ml|\.travis\.yml|\.gitlab-ci\.yml"
    r"|\.circleci/config\.yml|azure-pipelines\.yml|jenkinsfile|\.appveyor\.yml|tox\.ini"
    r"|noxfile\.py)$"
)
_DEPENDENCIES = Pattern(
    r"(?im)(?:^|/)(?:requirements[^/\n]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)"
    r"|environment\.ya?ml|pipfile|package\.json|cargo\.toml|go\.mod|conda[^/\n]*\.ya?ml"
    r"|dockerfile)$"
)
_STYLE = Pattern(
    r"(?im)^(?:\.pre-commit-config\.yaml|\.flake8|\.?ruff\.toml|\.pylintrc|\.editorconfig"
    r"|mypy\.ini|\.style\.yapf|\.isort\.cfg|\.eslintrc[^/\n]*|\.clang-format"
    r"|\.prettierrc[^/\n]*)$"
)
_DOCS = Pattern(r"(?im)^(?:docs?/|contributing|changelog)")
_LICENSE = Pattern(r"(?im)^(?:licen[cs]e|copying)")


def judge(evidence: Evidence) -> Result:
    """Look at tests, documents, rules and users of the code repository."""
    code = evidence.code
    if isinstance(code, Missing):
        return unknown(code.reason, try_later=code.try_later)
    if isinstance(code.files, Missing):
        return unknown(code.files.reason, {"repository": code.repository},
                       try_later=code.files.try_later)  # fmt: skip
    if not code.files:
        return unknown(f"{code.repository} is empty.", {"repository": code.repository})
    shares = _shares(code, code.files)
    quality = weighted((weight, shares[name]) for name, weight in _WEIGHTS.items())
    share = {"library": _LIBRARY_SHARE, "base_model": _BASE_MODEL_SHARE}.get(code.found_by, 1.0)
    has, lacks = halves(shares)
    reason = f"{code.repository} has {', '.join(has) or 'nothing of what is looked for'}"
    reason += f"; it lacks {', '.join(lacks)}." if lacks else "."
    if share < 1:
        whose = "the library that loads the model" if code.found_by == "library" else "its base"
        reason += f" It is the code of {whose}, which counts {share:g} times."
    facts = {name: rounded(each) for name, each in shares.items()}
    return scored(
        rounded(share * quality),
        reason,
        {"repository": code.repository, "found_by": code.found_by, **facts},
    )


def _shares(code: CodeFacts, files: Sequence[FileFacts]) -> dict[str, float]:
    """Return each part from 0 to 1."""
    paths = "\n".join(file.path for file in files)
    return {
        "tests": _tests(paths),
        "documentation": _documentation(files, paths),
        "use by others": logarithmic(code.stars or 0, _FULL_STARS),
        "declared dependencies": float(_DEPENDENCIES.search(paths) is not None),
        "continuous integration": float(_CI.search(paths) is not None),
        "license": float(bool(code.license) or _LICENSE.search(paths) is not None),
        "style rules": float(_STYLE.search(paths) is not None),
        "upkeep": 0.0 if code.is_archived else 1.0,
    }


def _tests(paths: str) -> float:
    """Return how much of the code is tests, against what good suites have."""
    code = _CODE_FILE.findall(paths)
    tests = _TEST_FILE.count("\n".join(code))
    return min(1.0, tests / len(code) / _FULL_TEST_SHARE) if code else 0.0


def _documentation(files: Sequence[FileFacts], paths: str) -> float:
    """Return how long the README is, or whether there is a folder of documents."""
    sizes = [file.size_bytes or 0 for file in files if _is_readme(file.path)]
    readme = min(1.0, max(sizes, default=0) / _FULL_README_BYTES)
    return max(readme, 0.5 * (_DOCS.search(paths) is not None))


def _is_readme(path: str) -> bool:
    """Whether a file is the repository's README."""
    name, dot, ending = path.lower().partition(".")
    return name == "readme" and (not dot or (ending.isascii() and ending.isalpha()))


METRIC = Metric(
    name="code_quality",
    title="Code quality",
    sentence="How well the code behind the model is kept, as its repository shows from outside.",
    scale=Scale(
        zero="A bare repository that nobody uses; or the library's, which says little.",
        middle="Documented and installable code without tests.",
        one="Tested, documented, checked by machines, licensed, kept up and used by many.",
        unknown="No code repository is known, or it could not be looked at.",
    ),
    sources=(
        "OpenSSF Scorecard, checks CI-Tests, License, Maintained, Packaging",
        "GitHub REST API, Get a tree, Get a repository",
    ),
    judge=judge,
    uses=("code",),
)
