"""The header that gives a download its file name."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote


def write_disposition(filename: str) -> str:
    """Return the Content-Disposition of a download.

    Source: RFC 6266 section 4.3 and appendix D: first a plain name for old programs, then the real
    one, which takes precedence.
    """
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in plain)
    if plain == filename:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
