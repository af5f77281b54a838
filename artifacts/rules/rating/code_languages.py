"""Telling languages that are not read here from commands."""

from __future__ import annotations

from artifacts.rules.patterns import Pattern

# Languages that are not read here, by the first word of a fence.
_LANGUAGES = {
    "js": "JavaScript", "javascript": "JavaScript", "jsx": "JavaScript", "mjs": "JavaScript",
    "ts": "TypeScript", "typescript": "TypeScript", "rust": "Rust", "rs": "Rust", "go": "Go",
    "swift": "Swift", "kotlin": "Kotlin", "java": "Java", "c": "C", "cpp": "C++", "c++": "C++",
    "cs": "C#", "csharp": "C#", "r": "R", "julia": "Julia", "html": "HTML", "dart": "Dart",
}  # fmt: skip
_JAVASCRIPT_SIGNS = Pattern(r"(?m)^\s*(?:import\s*\{|const \w+ = (?:await|require))")


def find_language(text: str, label: str) -> str:
    """Return the name of the language of code that is not read here, "" for commands."""
    language = _LANGUAGES.get(label, "")
    return "JavaScript" if not language and _JAVASCRIPT_SIGNS.search(text) else language
