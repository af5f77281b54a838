"""Who published a model, since when, and how many use it: evidence that makes no score by itself.

Anybody can buy downloads and wait for a repository to age; people judge such facts better.
"""

from __future__ import annotations

from typing import Any

from artifacts.rules.rating.evidence import CodeFacts, Evidence

# The Hub gives this day to all repositories that are older: it kept no dates of creation before.
# Source: Hugging Face Hub API, ModelInfo.createdAt.
_FIRST_DAY = "2022-03-02"
_KINDS = {
    "organisation": "has code that belongs to an organisation",
    "person": "has code that belongs to a person",
}
_DAY_CHARS = len("2024-01-01")


def list_standing(evidence: Evidence) -> dict[str, Any]:
    """Return what is known of the model's owner and use, without what is not."""
    model, code = evidence.model, evidence.code
    facts: dict[str, Any] = {
        "published": model.created_at[:_DAY_CHARS],
        "changed": model.modified_at[:_DAY_CHARS],
        "downloads_a_month": model.downloads,
        "likes": model.likes,
    }
    if isinstance(code, CodeFacts) and code.is_own:
        facts |= {"code_owner": code.owner_kind, "code_since": code.created_at[:_DAY_CHARS]}
    return {name: fact for name, fact in facts.items() if fact not in ("", None)}


def say_standing(evidence: Evidence) -> str:
    """Say it in a sentence for people, "" if nothing is known."""
    facts = list_standing(evidence)
    told = [
        _say_published(facts.get("published", "")),
        _say_count(facts.get("downloads_a_month"), "download", " a month"),
        _say_count(facts.get("likes"), "like"),
        _KINDS.get(facts.get("code_owner", ""), ""),
    ]
    return f"The model {', '.join(filter(None, told))}; this makes no score." if any(told) else ""


def _say_published(day: str) -> str:
    """Say when a model was published, as far as its source knows; "" for no day."""
    return f"was published on {'or before ' if day == _FIRST_DAY else ''}{day}" if day else ""


def _say_count(count: int | None, what: str, after: str = "") -> str:
    """Say how many there are, "" for an unknown number."""
    return "" if count is None else f"has {count:,} {what}{'' if count == 1 else 's'}{after}"
