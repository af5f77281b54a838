"""Errors as the Hub's clients understand them.

Whatever refuses a request, it answers with an `ErrorAnswer`, and the outermost layer
(`registry_site/pages.py`) redraws that here, as it draws pages for people. Clients read the status
and `X-Error-Code`, show `X-Error-Message`, and want a sentence as `error`.

Source: `hf_raise_for_status` of huggingface_hub 0.36 to 2.4.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from artifacts import exceptions as errors
from artifacts.api.exception_handler import ErrorAnswer

CODE_HEADER: Final = "X-Error-Code"
MESSAGE_HEADER: Final = "X-Error-Message"
COMMIT_HEADER: Final = "X-Repo-Commit"
# Over https a client takes a 401 for an absent repository unless it has this very sentence.
_BAD_CREDENTIALS = "Invalid credentials in Authorization header"
# Proxies pass on 8 kB of headers without question, all of them together.
_MESSAGE_MAX_CHARS = 1_000
# Without this code, clients report a 403 as a failure of the connection.
_GATED = "GatedRepo"


class _Word(NamedTuple):
    """What the Hub says to an error: its status, and its code, "" where it has none."""

    status: int
    code: str


# Looked up through the class's ancestors. All others keep the registry's own status and code.
WORDS: Final[dict[type[errors.RegistryError], _Word]] = {
    errors.AuthenticationFailed: _Word(401, ""),
    errors.PermissionMissing: _Word(403, _GATED),
    errors.ContentNotKept: _Word(403, _GATED),
    errors.GateFailed: _Word(403, _GATED),
    errors.DownloadRefused: _Word(403, _GATED),
    errors.PullRefused: _Word(403, _GATED),
    errors.MonitorRefused: _Word(403, _GATED),
    errors.ArtifactNotFound: _Word(404, "RepoNotFound"),
    errors.RepositoryNotFound: _Word(404, "RepoNotFound"),
    errors.RepositoryMoved: _Word(404, "RepoNotFound"),
    errors.RevisionNotFound: _Word(404, "RevisionNotFound"),
    errors.EntryNotFound: _Word(404, "EntryNotFound"),
    errors.PathNotThere: _Word(404, "EntryNotFound"),
}


def redraw(answer: ErrorAnswer) -> ErrorAnswer:
    """Say an error in the Hub's words; headers such as Retry-After stay."""
    error = answer.error
    found = (WORDS[each] for each in type(error).__mro__ if each in WORDS)
    word = next(found, _Word(answer.status_code, ""))
    message = say(error)
    answer.status_code = word.status
    answer.content = json.dumps({"error": message}).encode()
    answer["Content-Length"] = str(len(answer.content))
    answer[CODE_HEADER] = word.code or error.code
    answer[MESSAGE_HEADER] = _in_ascii(message)
    if isinstance(error, errors.EntryNotFound):
        # Clients remember under this commit that the file is absent.
        answer[COMMIT_HEADER] = error.commit
    return answer


def say(error: errors.RegistryError) -> str:
    """Return the sentence that a client shows."""
    is_bad_token = isinstance(error, errors.AuthenticationFailed)
    if is_bad_token and not isinstance(error, errors.TokenMissing):
        return _BAD_CREDENTIALS
    return error.message


def _in_ascii(message: str) -> str:
    """Return a sentence that fits a header: one line, and no letter that would be encoded."""
    line = " ".join(message.split())[:_MESSAGE_MAX_CHARS]
    plain = line.encode("ascii", "replace").decode()
    return "".join(each if each.isprintable() else "?" for each in plain)
