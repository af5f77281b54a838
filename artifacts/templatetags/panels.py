"""Filters and a tag for the panels in `templates/panels`, whichever site draws them.

Nothing here makes HTML: what is returned is text, and the template escapes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timesince import timesince

from artifacts.rules.letters import spell_out_unseen
from artifacts.rules.sizes import human_size
from artifacts.said import say

register = template.Library()
_MINUTE = timedelta(minutes=1)


class Links(Protocol):
    """Where things lie in the site that draws the panels: a page's `links`.

    Each method returns "" where the site has no such page; the panel then shows the words alone.
    """

    def artifact(self, artifact_id: str) -> str:
        """Return the address of an artifact's page."""
        ...

    def bundle(self, artifact_id: str, part: str) -> str:
        """Return the address of the zip of a part."""
        ...

    def file(self, file_id: int) -> str:
        """Return the address of a file's bytes."""
        ...

    def decision(self, artifact_id: str) -> str:
        """Return where a decision on an artifact is sent."""
        ...

    def monitor(self, artifact_id: str) -> str:
        """Return where the program that decides about a model's downloads is sent."""
        ...

    def registration(self, url: str, artifact_type: str = "") -> str:
        """Return where something that is not registered can be, by its address at its source."""
        ...

    def progress(self, artifact_id: str) -> str:
        """Return the address of how far a registration is."""
        ...

    def files(self, artifact_id: str, revision_id: int) -> str:
        """Return the address of a list of all files."""
        ...

    def task(self, task_id: str) -> str:
        """Return the address of a task's page."""
        ...

    def tasks(self, artifact_id: str) -> str:
        """Return the address of a list of all tasks for an artifact."""
        ...

    def trail(self, artifact_id: str) -> str:
        """Return the address of the whole trail of an artifact."""
        ...

    def revisions(self, artifact_id: str) -> str:
        """Return the address of a list of all revisions of an artifact."""
        ...


def registration_address(url: str, artifact_type: str = "") -> str:
    """Return the form that registers, with an address and a type filled in, "" for none."""
    given = {key: word for key, word in (("url", url), ("type", artifact_type)) if word}
    return reverse("register") + (f"?{urlencode(given)}" if given else "")


@register.simple_tag(takes_context=True)
def address(context: Context, kind: str, *keys: Any) -> str:
    """Return where something lies, as in `{% address "artifact" id as url %}`.

    Returns:
        "" without a key, or where the site has no such page.
    """
    links = context.get("links")
    if links is None or not all(keys):
        return ""
    found: str = getattr(links, kind)(*keys)
    return found


@register.filter
def size(size_bytes: int | None) -> str:
    """Return a size for people."""
    return human_size(size_bytes)


@register.filter
def seen(text: str) -> str:
    """Return a name with the code of each letter that would deceive its reader."""
    return spell_out_unseen(text)


@register.filter
def age(at: datetime) -> str:
    """Return how long ago something was, in its largest unit: "2 hours ago", or "just now"."""
    if timezone.now() - at < _MINUTE:
        return "just now"
    return f"{timesince(at, depth=1)} ago"


@register.filter
def in_words(name: str) -> str:
    """Return one of our own names as people say it: `link_only` as "link only"."""
    return say(name)


@register.filter
def thousands(number: int) -> str:
    """Return a number with its thousands apart, as in 10,000."""
    return f"{number:,}"


@register.filter
def percent(score: float) -> str:
    """Return a score from 0 to 1 as a number of percent, for drawing."""
    return f"{score * 100:.1f}"
