"""Chat templates that reach for Python's own attributes, and through them for any code.

Source: Jinja, "Sandbox"; CVE-2024-34359.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.limits import SCAN_TEXT_MAX_BYTES
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look

NAME = "chat templates"
NAMES = ("tokenizer_config.json", "chat_template.json", "processor_config.json")

_WAYS_OUT = (
    "__globals__", "__builtins__", "__subclasses__", "__import__", "__mro__", "__class__",
    "__base__",
    "__bases__", "__init__", "__getattribute__", "__code__", "__loader__",
    "_TemplateReference__context",
    "\\x5f\\x5f", "\\u005f\\u005f", "cycler.__", "lipsum.__", "joiner.__", "namespace.__",
    "os.popen", "os.system",
)  # fmt: skip


def fits(look: Look) -> bool:
    """Whether it holds a template."""
    return look.is_named(".jinja", ".jinja2") or look.name in NAMES


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for attributes that no conversation needs."""
    look.window.seek(0)
    text = look.window.read(SCAN_TEXT_MAX_BYTES).decode("utf-8", "replace")
    way = find_way_out(text)
    if way:
        yield look.finding(NAME, ScanVerdict.DANGEROUS, say_way_out(way))


def find_way_out(text: str) -> str:
    """Return the first way out of a template that is found, "" for none."""
    return next((each for each in _WAYS_OUT if each in text), "")


def say_way_out(way: str) -> str:
    """Say what a template does."""
    return (
        f"Its chat template uses {way!r}, by which a template runs any code where it is rendered "
        "without a sandbox. Take the template out."
    )
