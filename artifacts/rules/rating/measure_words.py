"""The names of measures in other languages than English, said in English.

Patterns know no letters beyond ASCII (`rules/patterns.py`), so words in other scripts are replaced,
and accents are any letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from artifacts.rules.patterns import Pattern

# From here on scripts have no blanks between words.
_IDEOGRAPHS = "\u3000"
# Accuracies and rates of errors: which of them it is does not matter to whoever counts results.
_FOREIGN = Pattern(
    r"(?i)exactitude|taux de (?:r\wussite|pr\wcision|rappel)|pr\wcision (?:moyenne|globale)"
    r"|(?:[a-z]{2,12})?genauigkeit|trefferquote|exactitud|precisi[^a-zA-Z]n|acur\wcia|acc?uratezza"
    r"|precisione|nauwkeurigheid|dok\wadno\w\w|do\wruluk|akurasi|tarkkuus|noggrannhet",
    before=r"\w",
    after=r"\w",
) | Pattern(
    r"(?i)taux d.erreur|(?:[a-z]{2,12})?fehlerrate|tasa de error|taxa de erro|tasso di errore",
    before=r"\w",
    after=r"\w",
)
# "with an accuracy of up to 0.1 mm" is no result.
_IN_SCRIPTS = {
    "точностью до": " threshold ",
    **dict.fromkeys(
        (
            "точностью", "точность", "точности", "полнота", "полноты",
            "准确率", "準確率", "正确率", "精确率", "精确度",
            "召回率", "正解率", "再現率", "適合率", "胜率", "勝率", "精度", "정확도", "정밀도",
            "재현율",
        ),
        " accuracy ",
    ),
    **dict.fromkeys(
        ("字错率", "词错率", "字错误率", "词错误率", "错误率", "誤り率", "오류율"), " error rate "
    ),
    **dict.fromkeys(("困惑度", "перплексия"), " perplexity "),
    **dict.fromkeys(("F1値", "F1值", "F値", "F值"), " F1 "),
}  # fmt: skip


def say_measures(words: str) -> str:
    """Return words in which the measures have their English names.

    They are no longer those of the card: count in them, and quote what stood there.
    """
    if not words.isascii():
        words = "".join(_apart(words))
        for name, english in _IN_SCRIPTS.items():
            words = words.replace(name, english).replace(name.capitalize(), english)
    return _FOREIGN.sub("accuracy", words)


def _apart(words: str) -> Iterator[str]:
    """Yield pieces in which numbers stand apart from the letters of scripts without blanks."""
    for one, following in pairwise((*words, " ")):
        yield one
        is_digit, is_next = one.isdecimal(), following.isdecimal()
        if is_digit != is_next and max(one, following) >= _IDEOGRAPHS:
            yield " "
