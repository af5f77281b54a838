"""Cards as HTML: whatever strangers write, a page that holds it stays a page."""

import pytest

from artifacts.rules.card_html import draw_card
from tests.unit.rules.harmless import Found, assert_harmless


def draw(text: str) -> str:
    return draw_card(text).html.text


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in a paragraph": "text <script src=https://evil.example/a.js></script> text",
    "script in a comment": "<!-- --!><script>alert(1)</script> -->",
    "event handlers": "<p onclick=alert(1) onmouseover='x'>a</p><img src=x onerror=alert(1)>",
    "javascript: link": "[a](javascript:alert(1)) <a href='javascript:alert(1)'>b</a>",
    "javascript: in disguise": "<a href=' JaVa&#10;Script:x'>a</a> <a href=&#1;javascript:a>b</a>",
    "data: and blob:": "[a](data:text/html,x) ![b](data:image/svg+xml,x) <a href=blob:x>c</a>",
    "protocol-relative": "[a](//evil.example) <a href='\\\\evil.example'>b</a>",
    "svg": "<svg><script>alert(1)</script><a xlink:href='javascript:x'>a</a></svg>",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></math>",
    "svg's style": "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "style": "<style>*{display:none}</style><p style='position:fixed;inset:0'>a</p>",
    "form": "<form action=/reset><input name=a><button>Go</button><textarea>x</textarea></form>",
    "iframe": "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x><embed src=y>",
    "base and meta": "<base href=https://evil.example><meta http-equiv=refresh content=0>",
    "link": "<link rel=stylesheet href=https://evil.example/a.css>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "template": "<template><script>alert(1)</script></template>",
    "end of the page": "</div></main></body></html><script>alert(1)</script>",
    "ids and names": "<p id=content name=x>a</p><a id=panel-card name=y>b</a><h1 id=card-x>c</h1>",
    "classes": "<div class='registry-badge registry-good'>Passed</div><p class=problem>x</p>",
    "role": "<div role=alert aria-live=assertive tabindex=5 aria-label=x>a</div>",
    "media": "<video src=x autoplay></video><audio src=y></audio><picture><source srcset=z>",
    "broken": "<p <b <i>a</b</i <a href='https://a.example>x \"> <table><tr><td>b",
    "links in links": "<a href=https://a.example>a<a href=https://b.example>b</a></a>",
    "headings in headings": "<h1>a<div><h2>b</h2></div></h1><h2>c</h2>",
    "headings that skip": "###### f\n\n# a\n\n#### d\n\n## b",
    "empty headings": "#\n\n<h2></h2>\n\n## ![](x.png)",
    "headings of one name": "# a\n\n# a\n\n# a-2\n\n# a\n\n# <script>\n\n# *\n",
    "huge cells": "<table><tr><td colspan=99999 rowspan=-1>a</td><td colspan=2>b</td></tr></table>",
    "tables in tables": "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x&#62; `<script>`",
    "fence": "```html\n<script>alert(1)</script>\n```\n\n    <script>alert(1)</script>",
    "title of a link": "[a](https://a.example \"x' onclick='alert(1)\")",
    "quote in an address": "[a](<https://a.example/'\"onclick=alert(1)>)",
    "bidi": "[\u202eelpmaxe.live](https://evil.example) \u2067x `\u202ey` **\u2066z**",
    "null": "a\0b<scr\0ipt>alert(1)</scr\0ipt>",
    "image in a link": "[![a](https://a.example/b.png)](https://c.example)",
    "task list": "- [ ] a\n- [x] b",
    "footnote to nowhere": "[a](#nowhere) [b](#content)",
    "xss by mutation": "<b><math><mi><b><form><table><style><img src=x onerror=alert(1)></table>",
    "annotation": "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)>",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_card_when_hostile_then_harmless(text):
    assert_harmless(draw(text))
    # The same after words, and inside of other blocks.
    assert_harmless(draw(f"# Words\n\n{text}\n\n> {text}\n\n- {text}\n"))


def test_card_when_it_holds_code_of_pages_then_its_words_are_gone_too():
    shown = draw("a <style>p{}</style> b <svg><text>drawn</text></svg> c\n\n<script>no()</script>")
    assert "p{}" not in shown
    assert "drawn" not in shown
    assert "no()" not in shown


def test_card_when_drawn_then_markdown_and_html_alike():
    shown = draw("Text with **bold** and\n<b>more</b>.\n\n- one\n- two\n\n> said\n")
    for each in ("<strong>bold</strong>", "<b>more</b>", "<li>one</li>", "<blockquote>"):
        assert each in shown


def test_card_when_it_has_front_matter_then_that_is_left_out():
    assert draw("---\nlicense: mit\n---\nThe text.") == "<p>The text.</p>\n"


def test_links_when_they_lead_to_the_web_then_kept_and_marked():
    shown = draw("[a](https://a.example/b?c=d&e=f)")
    (_, attributes), = [each for each in Found(shown).tags if each[0] == "a"]  # fmt: skip
    assert attributes["href"] == "https://a.example/b?c=d&e=f"
    assert attributes["rel"] == "noopener nofollow ugc"
    assert attributes["dir"] == "auto"


@pytest.mark.parametrize(
    "address", ["LICENSE", "/sign-out", "mailto:a@b.example", "ftp://a.example"]
)
def test_links_when_they_lead_elsewhere_then_words_alone(address):
    assert draw(f"see [this]({address})") == '<p>see <span dir="auto">this</span></p>\n'


def test_links_when_their_words_deceive_then_the_letters_are_spelt_out():
    shown = draw(
        "[\u202egro.doog](https://evil.example) ![\u202ea](https://b.example/c.png) \u202e"
    )
    assert ">[U+202E]gro.doog</a>" in shown
    assert ">[U+202E]a</a>" in shown
    # Free text stays as it is: its paragraph keeps it apart.
    assert shown.count("\u202e") == 1


def test_links_when_they_lead_to_a_heading_then_to_that_of_this_card():
    shown = draw("[go](#how-to-use) [gone](#nothing)\n\n# How to use?\n")
    assert 'href="#card-how-to-use"' in shown
    assert '<h3 id="card-how-to-use">How to use?</h3>' in shown
    assert "nothing" not in shown


def test_images_when_remote_then_links_with_their_words():
    shown = draw("![a plot](https://a.example/b.png) <img src=http://c.example/d.gif>")
    assert '<a class="registry-image" dir="auto" href="https://a.example/b.png"' in shown
    assert ">a plot</a>" in shown
    assert ">image</a>" in shown
    assert "<img" not in shown


def test_images_when_in_a_link_or_local_then_words_alone():
    shown = draw("[![badge](https://a.example/b.svg)](https://c.example) ![plot](plot.png)")
    assert [tag for tag, _ in Found(shown).tags if tag == "a"] == ["a"]
    assert '<span dir="auto">plot</span>' in shown


def test_headings_when_drawn_then_below_the_pages_own_and_listed():
    card = draw_card("# Model\n\n### Deep\n\n## Less\n\n# Model\n\n<h2>In *HTML*</h2>\n")
    assert [(each.level, each.anchor, each.words) for each in card.headings] == [
        (1, "card-model", "Model"),
        (2, "card-deep", "Deep"),
        (2, "card-less", "Less"),
        (1, "card-model-2", "Model"),
        (2, "card-in-html", "In *HTML*"),
    ]
    assert [tag for tag, _ in Found(card.html.text).tags] == ["h3", "h4", "h4", "h3", "h4"]


def test_headings_when_in_other_scripts_then_found_by_their_letters():
    card = draw_card("# 模型 использование\n\n[go](#模型-использование)")
    assert card.headings[0].anchor == "card-模型-использование"
    assert 'href="#card-' in card.html.text


def test_tables_when_wide_then_scroll_in_a_box_that_the_keyboard_reaches():
    shown = draw("| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert shown.startswith('<div class="registry-scroll" role="group" tabindex="0" aria-label="Ta')
    assert shown.rstrip().endswith("</table></div>")
