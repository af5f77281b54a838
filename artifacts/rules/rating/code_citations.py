"""Where facts about a code repository come from."""

from __future__ import annotations

from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.evidence import CodeFacts, Evidence, ModelFacts


def cite_code(code: CodeFacts) -> tuple[Citation, ...]:
    """Return the state of the repository that was looked at, and what shows whose it is."""
    url = f"{code.url}/tree/{code.commit}" if code.commit else code.url
    looked_at = Citation(url, commit=code.commit, read_at="" if code.commit else code.pushed_at)
    proof = code.ownership
    if proof is None or not proof.quote:
        return (looked_at,)
    return looked_at, Citation(proof.url, commit=code.commit, quote=proof.quote)


def cite_mentions(evidence: Evidence) -> tuple[Citation, ...]:
    """Return where the card links to repositories that do not count."""
    return tuple(cite(evidence.model, quote=each.quote) for each in evidence.mentioned_code)


def cite_history(model: ModelFacts) -> Citation:
    """Return the page of the model's own history."""
    url = f"{model.page_url}/commits/{model.commit or 'main'}" if model.page_url else ""
    return Citation(url, commit=model.commit)
