"""The license of a project on GitHub."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import quote

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.encodings import decode_text
from artifacts.rules.licensing.files import choose_by_text
from artifacts.rules.licensing.texts import read_license_text
from artifacts.rules.values import read_text
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.client import get_repository, github
from artifacts.sources.inquiry import Inquiry

_ABSENT = 404
# GitHub's id for a license that it does not recognise.
_UNRECOGNISED = "NOASSERTION"


@dataclass(frozen=True)
class ProjectLicense:
    """The license of a project.

    Attributes:
        name: "" for none, `NOASSERTION` for one that is not recognised.
        why: why it is not recognised, as a sentence with the words that stand in the way.
    """

    name: str
    why: str = ""


def fetch_license(repository: str, inquiry: Inquiry) -> ProjectLicense:
    """Return the license of a project.

    GitHub gives an id to texts that differ a little from a license, and what differs may be a
    clause of somebody's own; so the text decides, and the id only where the text resembles none
    that is known here.

    Source: GitHub REST API, "Get the license for a repository".

    Raises:
        SourceRefused: there is no such repository.
        SourceUnavailable: GitHub does not answer, or answers in another form.
    """
    question = Question(f"/repos/{quote(repository)}/license", also=(_ABSENT,))
    answer = ask(github(), question, inquiry)
    if answer.status == _ABSENT:
        # Either the license or the repository does not exist; this tells which.
        get_repository(repository, inquiry)
        return ProjectLicense("")
    found = answer.json()
    stated = found.get("license") if isinstance(found, dict) else None
    spdx_id = stated.get("spdx_id") if isinstance(stated, dict) else None
    if not isinstance(found, dict) or not isinstance(spdx_id, str | None):
        raise SourceUnavailable("GitHub's answer about a license has another form than documented.")
    text = read_license_text(_text(found.get("content")))
    if name := choose_by_text(text, spdx_id or ""):
        return ProjectLicense(name)
    place = read_text(found.get("html_url")) or read_text(found.get("path"))
    return ProjectLicense(_UNRECOGNISED, f"{place or 'Its license'}: {text.reason}")


def _text(content: object) -> str:
    """Return the text of the license file, which GitHub sends in base64."""
    if not isinstance(content, str):
        return ""
    try:
        return decode_text(base64.b64decode(content)).text
    except (binascii.Error, ValueError):
        return ""
