"""Facts from the Hub that a snapshot lacks: who committed, and the card of the base model."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from urllib.parse import quote

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.limits import README_MAX_BYTES
from artifacts.rules.contributors import Contributor, list_people
from artifacts.rules.encodings import decode_text
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.rules.values import read_list, read_text
from artifacts.sources.huggingface import client
from artifacts.sources.inquiry import Inquiry

# One page of history: a model's repository rarely has more, and it names the active maintainers.
_COMMITS_PER_PAGE = 100
_OK = 200


def fetch_commits(repository: str, commit: str, inquiry: Inquiry) -> CommitFacts:
    """Return who committed to a model's repository, according to one page of its history.

    Raises:
        SourceAbsent: the Hub does not show us the history.
        SourceUnavailable: it does not answer, or answers in another form.
    """
    base = client.api_path(SourceKind.HUGGINGFACE_MODEL)
    path = f"{base}/{quote(repository)}/commits/{commit}?limit={_COMMITS_PER_PAGE}"
    answer = client.hub().get(path, inquiry=inquiry, also=client.ABSENT)
    if answer.status != _OK:
        raise SourceAbsent(f"The Hub does not show the history of {repository}.")
    listed = answer.json()
    if not isinstance(listed, list):
        raise SourceUnavailable("The Hub's list of commits has another form than documented.")
    counts = Counter(author for entry in listed for author in _authors(entry)[:1])
    people = list_people(replace(author, commits=count) for author, count in counts.items())
    by_name = {person.name: person.commits for person in people}
    return CommitFacts(by_name, is_partial=len(listed) >= _COMMITS_PER_PAGE)


def fetch_card(repository: str, inquiry: Inquiry) -> str:
    """Return the card of another model, "" if there is none or we may not read it."""
    answer = client.get_file(
        SourceKind.HUGGINGFACE_MODEL, repository, "main", "README.md", README_MAX_BYTES, inquiry
    )
    return decode_text(answer.body).text if answer.status == _OK else ""


def _authors(entry: object) -> list[Contributor]:
    """Return the authors of a commit, without bots."""
    authors = read_list(entry.get("authors")) if isinstance(entry, dict) else []
    people = (
        Contributor(1, login=read_text(each.get("user")), name=read_text(each.get("name")))
        for each in authors
        if isinstance(each, dict)
    )
    return [each for each in people if (each.login or each.name) and not each.is_bot]
