"""The model that a card says it was made from, where no field of the front matter does.

Cards that training loops wrote before there was such a field say it in their first sentence.
"""

from __future__ import annotations

from artifacts.enums import Relationship
from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Link, Readme

_VERB = (
    r"((?:fine-?)?tuned|adapted|distill?ed|quanti[sz]ed|derived|initiali[sz]ed)"
    r"(?: [\w-]+){0,3} (?:from|of)(?: the| our)?(?: original| pre-?trained)?(?: [\w-]+)?[^\w]{0,3}"
)
# The words of a sentence up to the link: "This model is a fine-tuned version of", "Base model:".
_LEAD = Pattern(
    r"(?i)[^\w]{0,4}(?:(?:this|it|the|our)(?: [\w/-]+){0,3} (?:is|was|were|has been)"
    rf"(?: an?| the)?(?: [\w-]+)? )?(?:an? )?{_VERB}"
    r"|[^\w]{0,4}base model[^\w]{1,5}"
)
_QUANTIZED = "quanti"
_SENTENCE_END = (". ", "! ", "? ", "\n")
# A longer paragraph tells more than what the model is.
_CONTEXT_MAX_CHARS = 600


def find_prose_base(readme: Readme) -> tuple[str, Relationship] | None:
    """Return the address of the base that a card links to first, and what was made of it."""
    for link in readme.links:
        found = _LEAD.fullmatch(_lead_of(link))
        if found is not None:
            is_quantized = found[1].lower().startswith(_QUANTIZED)
            made = Relationship.FINETUNE if found[1] else Relationship.BASE_MODEL
            return link.url, Relationship.QUANTIZED if is_quantized else made
    return None


def _lead_of(link: Link) -> str:
    """Return the words of a link's sentence that stand before it, "" for none."""
    head, found, _ = link.context[:_CONTEXT_MAX_CHARS].partition(link.text or link.url)
    if not found:
        return ""
    return head[max(head.rfind(end) + len(end) if end in head else 0 for end in _SENTENCE_END) :]
