"""What licenses ask."""

from artifacts.rules.licensing.terms import TERMS, Kind, find_terms


def test_terms_when_listed_then_each_has_a_source():
    assert len(TERMS) > 80
    assert all(terms.source for terms in TERMS.values())


def test_terms_when_the_license_is_unknown_then_unknown():
    assert find_terms("nobody's").kind == Kind.UNKNOWN
