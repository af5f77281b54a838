"""The license of a project on GitHub."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.licensing.texts import identify_text
from artifacts.sources.base import Deadline
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.client import get_repository, github

_ABSENT = 404
# GitHub's word for a license that it does not recognise.
_UNRECOGNISED = "NOASSERTION"


def fetch_license(repository: str, deadline: Deadline) -> str:
    """Return the SPDX id of a project's license, "" for none; the text decides where GitHub cannot.

    Source: GitHub REST API, "Get the license for a repository".

    Raises:
        SourceRefused: there is no such repository.
        SourceUnavailable: GitHub does not answer, or in another form.
    """
    question = Question(f"/repos/{quote(repository)}/license", also=(_ABSENT,))
    answer = ask(github(), question, deadline)
    if answer.status == _ABSENT:
        # Either there is no license, or no repository: only this tells.
        get_repository(repository, deadline)
        return ""
    found = answer.json()
    stated = found.get("license") if isinstance(found, dict) else None
    spdx_id = stated.get("spdx_id") if isinstance(stated, dict) else None
    if not isinstance(found, dict) or not isinstance(spdx_id, str | None):
        raise SourceUnavailable("GitHub's answer about a license has another form than documented.")
    if spdx_id and spdx_id != _UNRECOGNISED:
        return spdx_id
    return identify_text(_text(found.get("content"))) or _UNRECOGNISED


def _text(content: object) -> str:
    """Return the text of the license file, which GitHub sends in base64."""
    if not isinstance(content, str):
        return ""
    try:
        return base64.b64decode(content).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
