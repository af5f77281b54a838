"""How well the model's code is maintained, as far as its repository shows from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.code_citations import cite_code, cite_mentions
from artifacts.rules.rating.curves import halves, logarithmic, rounded, weighted
from artifacts.rules.rating.evidence import CodeFacts, Evidence, FileFacts, Missing
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown

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
# One test file for every seven of code, which repositories with a serious test suite reach.
_FULL_TEST_SHARE = 1 / 7
# A README of 4 kB can explain installation and use; a longer one does no harm.
_FULL_README_BYTES = 4_000
# With ten thousand stars, as many people watch the code as one can expect.
_FULL_STARS = 10_000
# These patterns search a list of paths, one per line: a search for each path would cost more.
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
    """Judge the code repository's tests, documents, rules and users."""
    code = evidence.code
    if isinstance(code, Missing):
        return unknown(
            code.reason,
            try_later=code.try_later,
            is_optional=True,
            is_provisional=code.is_to_be_asked,
        )
    facts = {
        "repository": code.repository,
        "found_by": code.found_by,
        "mentioned": [each.repository for each in evidence.mentioned_code],
    }
    places = (*cite_code(code), *cite_mentions(evidence))
    if not code.is_own:
        return unknown(
            f"The model shows no code of its own{_say_gone(code)}; that of {_whose(code)}, "
            f"{code.repository}, says nothing about it.",
            facts,
            is_optional=True,
            citations=places,
        )
    if isinstance(code.files, Missing):
        return unknown(
            code.files.reason,
            facts,
            try_later=code.files.try_later,
            is_optional=True,
            is_provisional=code.files.is_to_be_asked,
        )
    if not code.files:
        return unknown(f"{code.repository} is empty.", facts, is_optional=True)
    shares = _shares(code, code.files)
    quality = weighted((weight, shares[name]) for name, weight in _WEIGHTS.items())
    reason = _reason(code, shares)
    return scored(
        rounded(quality),
        reason,
        {**facts, **{name: rounded(each) for name, each in shares.items()}},
        is_optional=True,
        citations=(*cite_code(code), *_cite_files(code, code.files), *cite_mentions(evidence)),
    )


def _whose(code: CodeFacts) -> str:
    """Say whose code it is that is not the model's own."""
    return "the library that loads the model" if code.found_by == "library" else "its base"


def _say_gone(code: CodeFacts) -> str:
    """Say that the repository which was named does not exist, "" if it does."""
    return f" ({code.instead_of}, which the card names, is not there)" if code.instead_of else ""


def _reason(code: CodeFacts, shares: Mapping[str, float]) -> str:
    """Say what the repository has, has little of and lacks, as far as the names of files tell."""
    has, rest = halves(shares)
    if code.stars is None:
        rest.remove("use by others")
    little = [name for name in rest if shares[name]]
    lacks = [name for name in rest if not shares[name]]
    parts = [
        f"has {', '.join(has) or 'nothing of what is looked for'}",
        f"has little of {', '.join(little)}" if little else "",
        f"shows no {', '.join(lacks)}" if lacks else "",
        "tells not how many use it" if code.stars is None else "",
    ]
    return f"{code.repository} {'; it '.join(filter(None, parts))}."


def _cite_files(code: CodeFacts, files: Sequence[FileFacts]) -> Iterator[Citation]:
    """Yield a file for each thing that was found in the repository."""
    paths = "\n".join(file.path for file in files)
    for pattern in (_TEST_FILE, _DEPENDENCIES, _CI, _STYLE, _LICENSE):
        found = pattern.search(paths)
        if found is not None:
            start, end = found.span()
            line_start = paths.rfind("\n", 0, start) + 1
            line_end = paths.find("\n", end)
            path = paths[line_start : line_end if line_end >= 0 else None].strip()
            yield Citation(f"{code.url}/blob/{code.commit or 'HEAD'}/{path}", path, code.commit)


def _shares(code: CodeFacts, files: Sequence[FileFacts]) -> dict[str, float]:
    """Return each part of the score, from 0 to 1."""
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
    """Return the share of tests in the code, compared with that of good test suites."""
    code = _CODE_FILE.findall(paths)
    tests = _TEST_FILE.count("\n".join(code))
    return min(1.0, tests / len(code) / _FULL_TEST_SHARE) if code else 0.0


def _documentation(files: Sequence[FileFacts], paths: str) -> float:
    """Score the length of the README, or the presence of a folder of documents."""
    sizes = [file.size_bytes or 0 for file in files if _is_readme(file.path)]
    readme = min(1.0, max(sizes, default=0) / _FULL_README_BYTES)
    return max(readme, 0.5 * (_DOCS.search(paths) is not None))


def _is_readme(path: str) -> bool:
    """Whether a file is the repository's README."""
    name, dot, ending = path.lower().partition(".")
    return name == "readme" and (not dot or (ending.isascii() and ending.isalpha()))


METRIC = Metric(
    name=MetricName.CODE_QUALITY,
    sentence="How well the code behind the model is kept, as its repository shows from outside.",
    scale=Scale(
        zero="A bare repository that nobody uses.",
        middle="Documented and installable code without tests.",
        one="Tested, documented, checked by machines, licensed, kept up and used by many.",
        unknown="No repository of the model's own code is known, or it could not be looked at.",
    ),
    sources=(
        "OpenSSF Scorecard, checks CI-Tests, License, Maintained, Packaging",
        "GitHub REST API, Get a tree, Get a repository",
    ),
    judge=judge,
    uses=("code",),
)
