"""How freely a company may use the model and build on it."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.cards import divide_readme
from artifacts.rules.licensing.names import UNKNOWN, License, parse_license
from artifacts.rules.licensing.prose import find_limit
from artifacts.rules.licensing.terms import NON_COMMERCIAL, Kind, Terms, find_terms
from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.ancestry import BaseFacts
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.evidence import Evidence, ModelFacts
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown
from artifacts.rules.readme import readable

# How much a license allows of what a company may want (use, sell, fine-tune, pass on, keep closed).
_BY_KIND = {
    Kind.PERMISSIVE: 1.0,
    Kind.PUBLIC_DOMAIN: 1.0,
    # Only changed parts must stay open.
    Kind.WEAK_COPYLEFT: 0.8,
    # One condition beside a permissive license, which most companies never meet.
    Kind.CONDITIONAL: 0.8,
    # All uses except a list of harmful ones are allowed; the list must be passed on.
    Kind.RESPONSIBLE_USE: 0.7,
    # Everything that is passed on must stay open.
    Kind.COPYLEFT: 0.6,
    Kind.SHARE_ALIKE: 0.6,
    # A vendor's terms: limits by size of business, naming, policies that may change.
    Kind.VENDOR: 0.5,
    # Even what is only offered over a network must be open.
    Kind.NETWORK_COPYLEFT: 0.4,
    # Whole kinds of business are closed.
    Kind.SOURCE_AVAILABLE: 0.3,
    Kind.RESEARCH_ONLY: 0.1,
}
_NON_COMMERCIAL = 0.2
_NO_DERIVATIVES = 0.1
_QUOTED_MAX_CHARS = 100
_CARD, _KEY = "README.md", "license"


def judge(evidence: Evidence) -> Result:
    """Judge the stated license, and those of all registered models that it was made from."""
    return judge_license(evidence.model, evidence.bases)


def judge_license(model: ModelFacts, bases: Sequence[BaseFacts]) -> Result:
    """Judge a license: the best of a choice (`OR`), the worst of a conjunction (`AND`).

    A derivative gives away no more than what it was made from, so the strictest license of the
    model and its bases decides. Bases are registered independently of the other evidence.
    """
    license_ = parse_license(model.license)
    cited = (_cite_stated(model),) if model.license else ()
    if not license_.is_stated:
        absent = unknown("The model states no license, so all rights are reserved.")
        return tell_absence(model, ("card", "license_file"), absent)
    own = find_freedom(license_)
    facts = {"stated": model.license, "license": license_.text}
    if own is None:
        return _judge_words(model, facts, cited)
    name, score = own
    reason = f"{license_.text} is {_describe(find_terms(name))}."
    limit = find_limit(readable(model.readme)) if NON_COMMERCIAL in license_.text else ""
    if limit:
        reason += f' The card says: "{limit[:_QUOTED_MAX_CHARS]}".'
        cited = (cite(model, _CARD, limit), *cited)
    facts |= {"kind": find_terms(name).kind, "source": find_terms(name).source}
    strictest = find_strictest(bases)
    if strictest is not None and strictest[1] < score:
        base, score, deciding = strictest
        reason += (
            f" But it was made from {base.name} under {parse_license(base.license).text}, "
            f"{_describe(find_terms(deciding))}, and gives away no more than that."
        )
        facts |= {"base": base.name, "base_license": base.license}
        cited = (_cite_base(base), *cited)
    return scored(score, reason + _unknown_bases(bases), facts, citations=cited)


def _judge_words(model: ModelFacts, facts: dict[str, str], cited: tuple[Citation, ...]) -> Result:
    """Judge a license that nobody knows, by what the card's section on it takes away."""
    limit = find_limit(readable(model.readme))
    if not limit:
        return unknown(_unrecognised(model), facts, citations=cited)
    reason = f'{_unrecognised(model)} The card says: "{limit[:_QUOTED_MAX_CHARS]}".'
    return scored(_NON_COMMERCIAL, reason, facts, citations=(cite(model, _CARD, limit), *cited))


def find_freedom(license_: License) -> tuple[str, float] | None:
    """Return the license that decides, and the freedom it leaves; None for an unknown one."""
    options = []
    for choice in license_.choices:
        freedoms = {name: _of_terms(find_terms(name)) for name in sorted(choice)}
        known = {name: freedom for name, freedom in freedoms.items() if freedom is not None}
        if len(known) == len(freedoms):
            options.append(min(known.items(), key=lambda each: each[1]))
    return max(options, key=lambda each: each[1], default=None)


def find_strictest(bases: Sequence[BaseFacts]) -> tuple[BaseFacts, float, str] | None:
    """Return the base that leaves the least freedom, with that and its deciding license."""
    judged = [(base, find_freedom(parse_license(base.license))) for base in bases]
    known = [(base, each[1], each[0]) for base, each in judged if each is not None]
    return min(known, key=lambda each: each[1], default=None)


def _of_terms(found: Terms) -> float | None:
    """Return the freedom that one license leaves, None for an unknown one."""
    score = _BY_KIND.get(found.kind)
    if score is None:
        return None
    if found.is_non_commercial:
        score = min(score, _NON_COMMERCIAL)
    if found.is_no_derivatives:
        score = min(score, _NO_DERIVATIVES)
    return score


def _describe(found: Terms) -> str:
    """Return a kind of license and what it forbids, with its article."""
    limits = [
        words
        for applies, words in (
            (found.is_non_commercial, "forbids commercial use"),
            (found.is_no_derivatives, "forbids to give on adaptations"),
            (found.restricts_use, "sets limits to uses"),
        )
        if applies
    ]
    named = f"{'an' if found.kind[0] in 'aeiou' else 'a'} {found.kind}"
    if found.kind == Kind.PERMISSIVE and (found.is_non_commercial or found.is_no_derivatives):
        # Creative Commons' NC and ND: nobody would call them permissive.
        named = "a license"
    elif not named.endswith("license"):
        named += " license"
    return f"{named} that {' and '.join(limits)}" if limits else named


def _unrecognised(model: ModelFacts) -> str:
    """Return why a license cannot be judged: what is stated names none, or none that is known."""
    stated, file = model.license, model.readings.get("license_file")
    if file is not None and file.reason:
        return f"The model's license is not recognised: {file.reason}"
    if stated.strip().lower() in UNKNOWN:
        return f'The model\'s license is stated as "{stated.strip()}", which names none.'
    return f'The model\'s license is not recognised: "{stated[:_QUOTED_MAX_CHARS]}".'


def _unknown_bases(bases: Sequence[BaseFacts]) -> str:
    """Return a sentence about the bases whose licenses nobody can judge, "" if there are none."""
    names = [each.name for each in bases if find_freedom(parse_license(each.license)) is None]
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")  # noqa: PLR2004  (a few)
    return f" What {shown}, from which it was made, allows is not known here."


def _cite_stated(model: ModelFacts) -> Citation:
    """Return where the model states its license: its card, its license file, or its page."""
    lines = divide_readme(model.readme)[0].splitlines()
    # Sorted: the order of the front matter means nothing.
    quote = "; ".join(sorted(each for each in lines if each.startswith(_KEY)))
    if quote:
        return cite(model, _CARD, quote)
    file = model.readings.get("license_file")
    return cite(model, file.path if file else "", model.license)


def _cite_base(base: BaseFacts) -> Citation:
    """Return where a base states its license."""
    url = f"{base.page_url}/blob/{base.commit or 'HEAD'}/{_CARD}" if base.page_url else ""
    return Citation(url, _CARD if url else "", base.commit, quote=f"{_KEY}: {base.license}")


METRIC = Metric(
    name=MetricName.LICENSE,
    sentence="How freely a company may use the model, change it and give on what it makes of it.",
    scale=Scale(
        zero="No license: all rights are reserved (answered as 0).",
        middle="A vendor's model license, or copyleft for what is given on.",
        one="A permissive license or the public domain.",
        unknown="The model states no license, or one that is not recognised.",
    ),
    sources=(
        "SPDX Specification 3.0, annex B; Hugging Face Hub documentation, Licenses",
        "Duan et al., ModelGo: Machine Learning License Analysis, arXiv:2402.02315",
    ),
    judge=judge,
    uses=("model", "parents"),
)
