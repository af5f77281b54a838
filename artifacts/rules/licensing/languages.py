"""How other languages than English head a section on the license, and close a model to business.

Chinese, Japanese, Korean, French, Spanish, Portuguese, German and Russian, as in
`rating/languages.py`. French, Spanish and Portuguese headings are also matched by their stem.
"""

from __future__ import annotations

_TITLES = (
    "许可", "許可", "协议", "授权", "ライセンス", "利用規約", "許諾", "라이선스", "lizenz",
    "licencia", "licença", "лиценз",
)  # fmt: skip
_CLOSED = (
    "禁止商用", "不得商用", "不可商用", "严禁商用", "禁止用于商业", "不得用于商业", "不可用于商业",
    "仅供研究", "仅限研究", "仅供学术", "非商业", "非商用", "商用利用は不可", "商用利用不可",
    "商用利用を禁止", "商用利用は禁止", "商用利用禁止", "상업적 이용 금지", "상업적 이용을 금지",
    "비상업적", "usage non commercial", "utilisation non commerciale", "fins non commerciales",
    "uso no comercial", "fines no comerciales", "uso não comercial", "fins não comerciais",
    "nicht-kommerziell", "nicht kommerziell", "nichtkommerziell", "некоммерческ",
)  # fmt: skip
# Sentences about the data.
_OF_DATA = ("数据", "データ", "데이터", "données", "datos", "dados", "daten", "данн")


def is_on_license(title: str) -> bool:
    """Whether a title announces the license of all that is there."""
    lower = title.lower()
    return _has(lower, _TITLES) and not _has(lower, _OF_DATA)


def closes_business(sentence: str) -> bool:
    """Whether a sentence closes the model to business."""
    lower = sentence.lower()
    return _has(lower, _CLOSED) and not _has(lower, _OF_DATA)


def _has(words: str, parts: tuple[str, ...]) -> bool:
    """Whether words have one of some parts."""
    return any(each in words for each in parts)
