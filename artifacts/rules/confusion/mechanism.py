"""The ways in which a name is made to be mistaken for another, by name."""

from __future__ import annotations

from artifacts.enums import Word


class Mechanism(Word):
    """How a name is made to be mistaken for another."""

    TYPO = "typo"
    SEPARATORS = "separators"
    ORDER = "order"
    HOMOGLYPH = "homoglyph"
    HOMOPHONE = "homophone"
    AFFIX = "affix"
    SCOPE = "scope"
    OWNER = "owner"
