"""How freely a company may use the model and build on it."""

from __future__ import annotations

from artifacts.rules.licensing import terms
from artifacts.rules.licensing.names import parse_license
from artifacts.rules.licensing.terms import Terms, terms_of
from artifacts.rules.rating.evidence import Evidence
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown

# How much of what a company may want to do (use, sell, fine-tune, give on, keep closed) is left.
_BY_KIND = {
    terms.PERMISSIVE: 1.0,
    terms.PUBLIC_DOMAIN: 1.0,
    # Only the changed parts have to stay open.
    terms.WEAK_COPYLEFT: 0.8,
    # Everything but a list of harmful uses is allowed; the list has to be passed on.
    terms.RESPONSIBLE_USE: 0.7,
    # What is given on has to stay open.
    terms.COPYLEFT: 0.6,
    terms.SHARE_ALIKE: 0.6,
    # A vendor's terms: limits by size of business, naming, policies that may change.
    terms.VENDOR: 0.5,
    # Even what is only offered over a network has to be open.
    terms.NETWORK_COPYLEFT: 0.4,
    terms.RESEARCH_ONLY: 0.1,
    # Something is stated, and nobody can tell what it allows.
    terms.UNKNOWN_KIND: 0.1,
}
_NON_COMMERCIAL = 0.2
_NO_DERIVATIVES = 0.1


def judge(evidence: Evidence) -> Result:
    """Judge the license that the model states: of a choice the best, of a conjunction the worst."""
    stated = evidence.model.license
    license_ = parse_license(stated)
    if not license_.is_stated:
        return unknown("The model states no license, so all rights are reserved.")
    choice = max(license_.choices, key=lambda each: (_freedom(each), sorted(each)))
    name = min(choice, key=lambda each: (_of_terms(terms_of(each)), each))
    found = terms_of(name)
    limits = [
        words
        for applies, words in (
            (found.is_non_commercial, "forbids commercial use"),
            (found.is_no_derivatives, "forbids to give on adaptations"),
            (found.restricts_use, "forbids some uses"),
        )
        if applies
    ]
    reason = f"{license_.text} is {_article(found.kind)} license"
    reason += f" that {' and '.join(limits)}." if limits else "."
    return scored(
        _freedom(choice),
        reason,
        {"stated": stated, "license": license_.text, "kind": found.kind, "source": found.source},
    )


def _freedom(choice: frozenset[str]) -> float:
    """Return the freedom that is left when several licenses apply together."""
    return min(_of_terms(terms_of(name)) for name in choice)


def _of_terms(found: Terms) -> float:
    """Return the freedom that one license leaves."""
    score = _BY_KIND[found.kind]
    if found.is_non_commercial:
        score = min(score, _NON_COMMERCIAL)
    if found.is_no_derivatives:
        score = min(score, _NO_DERIVATIVES)
    return score


def _article(kind: str) -> str:
    """Return a kind with its article."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


METRIC = Metric(
    name="license",
    title="License",
    sentence="How freely a company may use the model, change it and give on what it makes of it.",
    scale=Scale(
        zero="No license: all rights are reserved (answered as 0).",
        middle="A vendor's model license, or copyleft for what is given on.",
        one="A permissive license or the public domain.",
        unknown="The model states no license.",
    ),
    sources=(
        "SPDX Specification 3.0, annex B; Hugging Face Hub documentation, Licenses",
        "Duan et al., ModelGo: Machine Learning License Analysis, arXiv:2402.02315",
    ),
    judge=judge,
)
