"""Phrases of cards: what a reader sees as the same words are the same words."""

import pytest

from artifacts.rules.rating.phrases import read_phrases

CARD = "# Tea\n\n" + "\n".join(
    f"Cup number {number} shows how a pot of green tea is made in a small house of the coast."
    for number in range(20)
)
CHANGES = {
    "Cyrillic letters": lambda text: text.replace("e", "\u0435").replace("o", "\u043e"),
    "Greek letters": lambda text: text.replace("o", "\u03bf").replace("v", "\u03bd"),
    "letters that nobody sees": lambda text: text.replace("ea", "e\u200ba").replace("ho", "h\xado"),
    "wide letters": lambda text: text.replace("cup", "\uff43\uff55\uff50").replace("t", "\uff54"),
    "capitals": str.upper,
}


@pytest.mark.parametrize("name", CHANGES)
def test_read_phrases_when_only_programs_see_other_letters_then_the_same_phrases(name):
    changed = CHANGES[name](CARD)
    assert changed != CARD
    assert read_phrases(changed) == read_phrases(CARD) != frozenset()


def test_read_phrases_when_a_card_is_in_another_script_then_its_words_stay():
    russian = CARD.replace("green tea", "\u0430\u0441\u0435 \u0440\u043e\u0441\u0430")
    assert read_phrases(russian) != read_phrases(CARD.replace("green tea", "ace poca"))
