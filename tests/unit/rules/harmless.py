"""What a drawn card may hold: nothing that runs, loads, sends, or takes the page for its own."""

from html.parser import HTMLParser

from tests.functional.web.structure import faults, skipped_levels

PAGE = (
    "<html lang=en><head><title>T</title></head><body><main><h1>A</h1><h2>README</h2>"
    "<div>{}</div></main></body></html>"
)
# What a card may hold, and nothing else: tags and their attributes.
ALLOWED = {
    "a": {"class", "dir", "href", "rel"}, "code": {"dir"}, "span": {"dir"}, "ol": {"start"},
    "div": {"aria-label", "class", "role", "tabindex"}, "pre": {"tabindex"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in (3, 4, 5, 6)},
    **{tag: set() for tag in (
        "abbr", "b", "blockquote", "br", "caption", "cite", "dd", "del", "details", "dl", "dt",
        "em", "figcaption", "figure", "hr", "i", "ins", "kbd", "li", "mark", "p", "q", "s", "samp",
        "small", "strong", "sub", "summary", "sup", "table", "tbody", "tfoot", "thead", "tr", "ul",
        "var",
    )},
}  # fmt: skip


class Found(HTMLParser):
    """Tags, attributes and addresses of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def assert_harmless(html: str) -> None:
    for tag, attributes in Found(html).tags:
        assert tag in ALLOWED, tag
        assert set(attributes) <= ALLOWED[tag], (tag, attributes)
        if "href" in attributes:
            assert attributes["href"].startswith(("https://", "http://", "#card-")), attributes
            assert attributes["rel"] == "noopener nofollow ugc"
        assert attributes.get("class", "registry-scroll") in ("registry-scroll", "registry-image")
        assert attributes.get("id", "card-").startswith("card-")
    assert faults(PAGE.format(html)) == []
    assert skipped_levels(PAGE.format(html)) == []
