"""Where a fact of a rating comes from, so that people can go from a score to what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from artifacts.rules.rating.evidence import ModelFacts

# Long enough to recognise a sentence, short enough for a list; quotes are of strangers' texts.
QUOTE_MAX_CHARS = 200


@dataclass(frozen=True)
class Citation:
    """A place that a fact comes from.

    Attributes:
        url: the page, of the commit that was read where there is one; "" for uploads, whose files
            the registry itself keeps.
        path: the file inside the repository, "" for none.
        commit: "" if the source has no commits.
        read_at: ISO 8601; "" where `commit` says which state was read.
        quote: the words that the fact rests on, at most `QUOTE_MAX_CHARS`; "" for no text.
    """

    url: str = ""
    path: str = ""
    commit: str = ""
    read_at: str = ""
    quote: str = ""

    def __post_init__(self) -> None:
        """Cut the quoted words; blanks and line ends in a row become one blank."""
        words = " ".join(self.quote.split())
        if len(words) > QUOTE_MAX_CHARS:
            words = words[: QUOTE_MAX_CHARS - 1] + "…"
        object.__setattr__(self, "quote", words)

    def as_data(self) -> dict[str, str]:
        """Return it as JSON data, without what is empty."""
        return {key: text for key, text in asdict(self).items() if text}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the citation in such data."""
        return cls(**{key: str(data.get(key, "")) for key in cls.__dataclass_fields__})


def cite(model: ModelFacts, path: str = "README.md", quote: str = "") -> Citation:
    """Return a place in the model's own repository.

    Args:
        path: the file; "" for the page of the repository.
    """
    url = f"{model.page_url}/blob/{model.commit or 'HEAD'}/{path}" if path else model.page_url
    return Citation(url if model.page_url else "", path, model.commit, quote=quote)
