"""Reads a page the way assistive technology does, and says what it would stumble over."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

NEEDS_NO_LABEL = ("hidden", "submit", "button", "reset", "image")
# HTML's void elements, which have no end (HTML Standard, 13.1.2).
VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    )
)  # fmt: skip


@dataclass
class Structure:
    lang: str = ""
    title: str = ""
    mains: int = 0
    headings: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    inputs: list[dict[str, str]] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    handlers: list[str] = field(default_factory=list)
    inline_scripts: int = 0
    resources: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Structure()
        self._in_title = False
        self._labels = 0
        self._open: list[str] = []

    def handle_starttag(self, tag, attrs):
        found, values = self.found, {name: value or "" for name, value in attrs}
        self._open += [tag] if tag not in VOID else []
        found.handlers += [name for name in values if name.startswith("on")]
        found.ids += [values["id"]] if "id" in values else []
        self._note_landmarks(tag, values)
        self._note_forms(tag, values)
        if tag == "a":
            found.anchors.append(values.get("href", ""))
        elif tag in ("script", "link", "img"):
            address = values.get("src") or values.get("href") or ""
            found.resources.append(address)
            found.inline_scripts += tag == "script" and not address

    def _note_landmarks(self, tag, values):
        found = self.found
        if tag == "html":
            found.lang = values.get("lang", "")
        elif tag == "title":
            self._in_title = True
        elif tag == "main":
            found.mains += 1
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            found.headings.append(int(tag[1]))

    def _note_forms(self, tag, values):
        if tag == "label":
            self._labels += 1
            self.found.labelled.add(values.get("for", ""))
        elif tag in ("input", "select", "textarea") and values.get("type") not in NEEDS_NO_LABEL:
            self.found.inputs.append(values | {"in_label": str(bool(self._labels))})

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # Of SVG, where `/>` ends an element.
            self._open.pop()

    def handle_endtag(self, tag):
        self._close(tag)
        if tag == "title":
            self._in_title = False
        elif tag == "label":
            self._labels -= 1

    def _close(self, tag):
        """Note what an end tag leaves open, and an end without a beginning."""
        if tag not in self._open:
            self.found.unbalanced.append(f"</{tag}> without <{tag}>")
            return
        while (inner := self._open.pop()) != tag:
            self.found.unbalanced.append(f"<{inner}> is open at </{tag}>")

    def close(self):
        super().close()
        self.found.unbalanced += [f"<{tag}> is open at the end" for tag in self._open]

    def handle_data(self, data):
        if self._in_title:
            self.found.title += data


def read(html: str) -> Structure:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def faults(html: str) -> list[str]:
    """Everything that is wrong with a page; empty for a good one."""
    page = read(html)
    wrong = []
    wrong += page.unbalanced
    if not page.lang:
        wrong.append("no lang")
    if not page.title.strip():
        wrong.append("no title")
    if page.mains != 1:
        wrong.append(f"{page.mains} main landmarks")
    if page.headings.count(1) != 1:
        wrong.append(f"{page.headings.count(1)} h1")
    twice = {each for each in page.ids if page.ids.count(each) > 1}
    wrong += [f"id {each!r} twice" for each in sorted(twice)]
    wrong += [
        f"no label: {each.get('name', '?')}"
        for each in page.inputs
        if each["in_label"] == "False"
        and each.get("id") not in page.labelled
        and not each.get("aria-label")
        and not each.get("aria-labelledby")
    ]
    targets = [each for each in page.anchors if each.startswith("#") and len(each) > 1]
    wrong += [f"link to nowhere: {each}" for each in targets if each[1:] not in page.ids]
    wrong += [f"inline handler {each}" for each in page.handlers]
    if page.inline_scripts:
        wrong.append("inline script")
    wrong += [
        f"from elsewhere: {each}"
        for each in page.resources
        if each.startswith(("http:", "https:", "//"))
    ]
    return wrong


def skipped_levels(html: str) -> list[tuple[int, int]]:
    """Headings that are more than one level below the one before."""
    levels = read(html).headings
    return [(a, b) for a, b in pairwise(levels) if b > a + 1]
