"""The addresses of repositories' pages: made for records and answers, and read in cards."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from artifacts.enums import SourceKind
from artifacts.rules.patterns import Pattern

_MARKDOWN_LINK = Pattern(r"\[([^\[\]]*)\]\(<?([^()<>\s]*)>?\)")


def only_web_url(url: str) -> str:
    """Return an address that a page may link to, "" for what may run code or lead nowhere."""
    return url if url.startswith(("https://", "http://")) else ""


def model_url(repository: str) -> str:
    """Return the address of a model's page on the Hub."""
    return f"https://huggingface.co/{repository}"


def dataset_url(repository: str) -> str:
    """Return the address of a data set's page on the Hub."""
    return f"https://huggingface.co/datasets/{repository}"


def code_url(repository: str) -> str:
    """Return the address of a repository's page on GitHub."""
    return f"https://github.com/{repository}"


def name_source(key: str) -> str:
    """Return where a source is, for people: its page, or what follows the kind in its key.

    Args:
        key: the identity of a source, such as `github:acme/robot@v1//models`.
    """
    kind, _, place = key.partition(":")
    repository = place.partition("//")[0].partition("@")[0]
    pages = {
        SourceKind.HUGGINGFACE_MODEL: model_url,
        SourceKind.HUGGINGFACE_DATASET: dataset_url,
        SourceKind.GITHUB: code_url,
    }
    known = SourceKind.find_word(kind)
    return pages[known](repository) if known in pages else place


def read_path(url: object, host: str) -> list[str]:
    """Return the path segments of an address on this host, [] for another host or no address."""
    if not isinstance(url, str):
        return []
    try:
        parts = urlsplit(url.strip())
        own_host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return []
    if parts.scheme not in ("http", "https") or own_host != host:
        return []
    return [unquote(each) for each in parts.path.split("/") if each]


def divide_link(text: str) -> tuple[str, str]:
    """Return the words and the address of a link in Markdown; any other text, and ""."""
    link = _MARKDOWN_LINK.fullmatch(text.strip())
    return (link[1].strip(), link[2]) if link else (text, "")


def read_address(text: str) -> str:
    """Return the address of a link in Markdown; any other text as it is."""
    return divide_link(text)[1] or text
