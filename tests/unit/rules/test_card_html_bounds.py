"""What drawing a card may cost, and how much of it a page shows."""

import threading
import time

import pytest

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import CARD_DRAWN_CPU_S, CARD_DRAWN_MAX_CHARS, CARD_HTML_MAX_BYTES
from artifacts.rules import card_html
from artifacts.rules.card_html import DrawnCard, draw_card
from tests.unit.rules.harmless import assert_harmless

pytestmark = pytest.mark.slow

N = CARD_DRAWN_MAX_CHARS
COSTLY = {
    "nested tags": "<div>" * (N // 5),
    "nested in bold": "<b><i>" * (N // 6),
    "formatting that is never closed": "<b>" * 1_000 + "<p></b>" * 8_000,
    "nested tables": "<table><tr><td>" * (N // 15),
    "nested lists": "<ul><li>" * (N // 8),
    "nested links": "<a href=https://a.example>" * (N // 26),
    "nested quotes": ">" * N,
    "nested quotes of a megabyte": "> " * 500_000,
    "brackets": "[" * N,
    "images": "![" * (N // 2),
    "backticks": "".join("`" * length + " " for length in range(380)),
    "emphasis": "*a_" * (N // 3),
    "links": "[a](https://b.example) " * 10_000,
    "links, one a line": "- [a](https://b.example)\n" * 10_000,
    "headings": "# a\n" * (N // 4),
    "headings of one name": "# a\n\n# a-2\n\n" * (N // 13),
    "columns": "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|\n" * 20_000,
    "entities": "&amp;" * (N // 5),
    "attributes": "<a " + " ".join(f"a{number}=1" for number in range(9_000)) + ">",
    "comments": "<!--" * (N // 4),
    "definitions": "".join(f"[a{number}]: https://b.example\n" for number in range(2_500)) + "[a1]",
    "one word": "a" * 1_000_000,
    "three bytes a letter": ("模" * 50 + "\n\n") * 5_000,
    "a long address": f"[a](https://{'a.' * 30_000}example)",
    "front matter alone": "---\n" + "a: b\n" * 100_000,
}


def try_to_draw(text: str) -> DrawnCard | None:
    try:
        return draw_card(text)
    except TooMuchToRead:
        return None


@pytest.fixture
def impatient(monkeypatch):
    """Drawing may take as long as when a page is waited for."""
    monkeypatch.setattr(card_html, "CARD_DRAWN_CPU_S", CARD_DRAWN_CPU_S)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_card_when_costly_then_bounded_in_time_and_size(text):
    began_s = time.thread_time()
    card = try_to_draw(text)
    # One step between two looks at the clock may take as long as half of the budget, and beside a
    # neighbour, with coverage, a second of CPU does a quarter of its work.
    assert time.thread_time() - began_s < 6 * CARD_DRAWN_CPU_S
    if card is not None:
        assert len(card.html.text.encode()) <= CARD_HTML_MAX_BYTES
        assert_harmless(card.html.text)


@pytest.mark.usefixtures("impatient")
def test_card_when_nested_then_the_small_stack_of_a_thread_bears_it():
    found: list[DrawnCard | None] = []
    before = threading.stack_size(512 * 1024)
    try:
        for text in ("<div>" * (N // 5), "<b><p>" * 10_000, "- " * 30_000):
            thread = threading.Thread(target=lambda text=text: found.append(try_to_draw(text)))
            thread.start()
            thread.join()
    finally:
        threading.stack_size(before)
    assert len(found) == 3


def test_card_when_longer_than_a_page_then_its_beginning_in_whole_blocks():
    card = draw_card("".join(f"Paragraph {number}.\n\n" for number in range(10_000)))
    assert card.is_cut
    assert card.html.text.startswith("<p>Paragraph 0.</p>")
    assert card.html.text.rstrip().endswith("</p>")
    assert len(card.html.text) > CARD_HTML_MAX_BYTES * 0.8


def test_card_when_it_is_all_there_then_not_cut():
    assert not draw_card("Short.").is_cut
    assert draw_card("").html.text == ""


def test_card_when_links_make_it_longer_then_less_of_it_is_shown():
    card = draw_card("- [a](https://b.example)\n\ntext\n\n" * 2_000)
    assert card.is_cut
    assert 0 < len(card.html.text.encode()) <= CARD_HTML_MAX_BYTES


def test_card_when_one_block_is_too_long_then_refused():
    with pytest.raises(TooMuchToRead, match="a single block"):
        draw_card("word " * (N // 5))


def test_card_when_work_takes_too_long_then_refused(monkeypatch):
    monkeypatch.setattr(card_html, "CARD_DRAWN_CPU_S", 0.0)
    with pytest.raises(TooMuchToRead, match="of work"):
        draw_card("# a\n\n" * 1_000)
