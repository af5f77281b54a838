"""The facts about the registered models that one was made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ParentFacts:
    """A registered model that this one was made from, and its net score."""

    artifact_id: str
    name: str
    net_score: float


@dataclass(frozen=True)
class BaseFacts:
    """A registered model that this one was made from, directly or through others.

    Attributes:
        license: as stated, "" for none.
        page_url: its page at the source, "" for none.
        commit: the commit that was read, "" for none.
    """

    artifact_id: str
    name: str
    license: str
    page_url: str = ""
    commit: str = ""


@dataclass(frozen=True)
class BaseSize:
    """What one deployment loads of the model that an adapter needs.

    Attributes:
        page_url: its page at the source.
    """

    name: str
    size_bytes: int
    page_url: str
