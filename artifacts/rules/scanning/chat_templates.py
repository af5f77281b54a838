"""Chat templates that reach for Python's own attributes, and through them for any code.

Source: Jinja, "Sandbox"; CVE-2024-34359.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import SCAN_TEXT_MAX_BYTES, SCAN_VALUES_MAX
from artifacts.rules.documents import read_json
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look

NAME = "chat templates"
NAMES = ("tokenizer_config.json", "chat_template.json", "processor_config.json")

_WAYS_OUT = (
    "__globals__", "__builtins__", "__subclasses__", "__import__", "__mro__", "__class__",
    "__base__",
    "__bases__", "__init__", "__getattribute__", "__code__", "__loader__",
    "_TemplateReference__context",
    # No honest template hides an underscore.
    "\\x5f", "\\x5F", "\\u005f", "\\u005F", "\\137", "\\N{LOW LINE}",
    "cycler.__", "lipsum.__", "joiner.__", "namespace.__",
    "os.popen", "os.system",
)  # fmt: skip
# The key of templates in a configuration; an escape may hide it.
_KEY, _ESCAPE = b"chat_template", b"\\u00"
SAID_LONG = "Its chat template is too long to be looked into wholly. Take the template out."


def fits(look: Look) -> bool:
    """Whether it holds a template."""
    return look.is_named(".jinja", ".jinja2") or look.name in NAMES


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for attributes that no conversation needs."""
    look.window.seek(0)
    raw = look.window.read(SCAN_TEXT_MAX_BYTES + 1)
    is_long = len(raw) > SCAN_TEXT_MAX_BYTES
    try:
        if look.name not in NAMES:
            texts = [raw.decode("utf-8", "replace")]
        elif is_long:
            # A part of a configuration cannot be read.
            texts = []
        elif _KEY in raw or _ESCAPE in raw:
            data = read_json(raw, "The configuration", values_max=SCAN_VALUES_MAX)
            texts = list(_list_texts(data.get("chat_template") if isinstance(data, dict) else None))
        else:
            texts = []
    except TooMuchToRead:
        raise
    except Unreadable as error:
        # Other readers accept what this one does not, such as a key that stands there twice.
        yield look.finding(NAME, ScanVerdict.SUSPICIOUS, error.message)
        return
    way = next(filter(None, map(find_way_out, texts)), "")
    if way:
        yield look.finding(NAME, ScanVerdict.DANGEROUS, say_way_out(way))
    elif is_long:
        yield look.finding(NAME, ScanVerdict.SUSPICIOUS, SAID_LONG)


def _list_texts(value: Any) -> Iterator[str]:
    """Yield the templates of a configuration: one, or several with their names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(each)


def find_way_out(text: str) -> str:
    """Return the first way out of a template that is found, "" for none."""
    return next((each for each in _WAYS_OUT if each in text), "")


def say_way_out(way: str) -> str:
    """Say what a template does."""
    return (
        f"Its chat template uses {way!r}, by which a template runs any code where it is rendered "
        "without a sandbox. Take the template out."
    )
