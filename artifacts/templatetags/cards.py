"""The one place where text becomes HTML of a page: what `rules.card_html` has cleaned."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from artifacts.rules.card_html import DrawnCard

register = template.Library()


@register.filter
def cleaned(card: DrawnCard) -> SafeString:
    """Return the HTML of a card that was drawn.

    Raises:
        TypeError: it is anything else; text has no way to get here.
    """
    if not isinstance(card, DrawnCard):
        raise TypeError(f"{type(card).__name__} is not a drawn card.")
    return mark_safe(card.html.text)  # noqa: S308  # nosec B308, B703  (cleaned where it was made)
