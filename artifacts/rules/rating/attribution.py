"""Facts about whose a code repository and a card are.

`ownership` and `copies` find them; `evidence` holds them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ownership:
    """What shows that a code repository is the model's own.

    Attributes:
        reason: a clause, such as "acme/tea has the same owner as the model".
        url: the page that says so.
        quote: its words, "" for none.
    """

    reason: str
    url: str
    quote: str


@dataclass(frozen=True)
class MentionedCode:
    """A code repository that a card links to and that nothing shows to be the model's own.

    Attributes:
        quote: the words around the link in the card.
        reason: why it does not count, as a sentence.
    """

    repository: str
    url: str
    quote: str
    reason: str


@dataclass(frozen=True)
class CopyFacts:
    """Another model whose card or weights this one has, by somebody else.

    Attributes:
        original: its name at its source.
        artifact_id: its id here.
        url: its page, "" for none.
        share: how much of its card is in this model's card, from 0 to 1.
        has_weights: whether all weights of this model are among its weights.
        reason: why it is the original, as the rest of "because ..."; "" if nothing tells.
        is_certain: False if nothing tells which of the two is the original.
        is_derived: whether this model states it as its base, so that nobody is deceived.
        is_tied: whether names or weights tie the two; text alone may be a template.
    """

    original: str
    artifact_id: str
    url: str
    share: float
    has_weights: bool
    reason: str
    is_certain: bool
    is_derived: bool
    is_tied: bool

    @property
    def sentence(self) -> str:
        """What it has of the other model, and which of the two is the original."""
        what = " and ".join(
            name for name, has in (("card", self.share), ("weights", self.has_weights)) if has
        )
        verb, whose = ("equal", "those") if self.has_weights else ("equals", "that")
        if not self.is_certain:
            return f"The {what} {verb} {whose} of {self.original}; nothing tells whose came first."
        return f"The {what} {verb} {whose} of {self.original}, the original, since {self.reason}."
