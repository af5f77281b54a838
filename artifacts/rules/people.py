"""Which user names are allowed, and when two names are the same or look the same.

The table of look-alikes is a manual selection of the letters that Latin shares with the alphabets
most like it, not the whole of Unicode's list. Characters that are rare in names and mostly look
like something else (phonetic letters, mathematical signs) are all refused.
"""

from __future__ import annotations

import unicodedata

from artifacts.exceptions import InvalidName
from artifacts.limits import USERNAME_MAX_CHARS
from artifacts.rules.letters import DRAWN_AS_NOTHING

# Letters of other alphabets (and two digits) that look like a Latin letter, in lower or upper case:
# case does not distinguish names, so `в` counts as the `B` that its capital looks like. For the
# same reason `i` counts as the `l` that its capital looks like: `aIice` is not another Alice.
_DRAWN_LIKE = {
    # ASCII
    "01i|`": "olll'",
    # Latin
    "ıɑɡɩʟƅʋɣðɖǝ": "lagllbvyđđə",
    # Cyrillic
    "авекмнорстухѕіјһԛԝԁӏгьпүѵѡғәзб": "abekmhopctyxsljhqwdlrbnyvwfə36",
    # Greek
    "αβεζηικμνορτυχγωσπ": "abezhlkmvoptyxywon",
    # Armenian
    "օոսհցզյլղռտ": "onuhgqjlnns",
    # Hebrew, Burmese, Malayalam, Arabic, Chinese, signs: a circle, a stroke, a dash
    "\u05e1\u101d\u0d20\u3007\u25cb\u25ef\u0665": "ooooooo",
    "\u05d5\u05df\u0627\u0661\u4e28\u2223\u2502": "lllllll",
    "\u4e00": "-",
    # Arabic letters that different keyboards write differently
    "یىکہە": "ييكهه",
    # Katakana, Chinese and Hiragana
    "ロエカタトニハオチヘ": "口工力夕卜二八才千へ",
}
_PLAIN = {
    ord(a): b for drawn, like in _DRAWN_LIKE.items() for a, b in zip(drawn, like, strict=True)
}
# Two letters that together look like one.
_DRAWN_TOGETHER = (("rn", "m"), ("vv", "w"))
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "

# Scripts in everyday use (Unicode Technical Report 31, table 5), by the first word of the names of
# their letters. Hardly any user reads the others, and several look like Latin.
_SCRIPTS = frozenset({
    "ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CJK", "CYRILLIC", "DEVANAGARI", "ETHIOPIC",
    "GEORGIAN", "GREEK", "GUJARATI", "GURMUKHI", "HANGUL", "HEBREW", "HIRAGANA", "IDEOGRAPHIC",
    "KANNADA", "KATAKANA", "KATAKANA-HIRAGANA", "KHMER", "LAO", "LATIN", "MALAYALAM", "MYANMAR",
    "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
})  # fmt: skip
# Scripts that one name may mix (Unicode Technical Standard 39, 5.2, "highly restrictive").
_EAST_ASIAN = frozenset({
    "BOPOMOFO", "CJK", "HANGUL", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "KATAKANA-HIRAGANA",
    "LATIN",
})  # fmt: skip
# Latin letters beside a to z, and those with accents, that occur in people's names. All others are
# phonetic or historic, and most of them look like one of these.
_LATIN_IN_USE = frozenset("æœøþðđħıłŋəǝɛɔɓɗɖƙƴɲƒɣʋ")
# Signs beside those of ASCII; most signs have many look-alikes.
_SIGNS = frozenset("·—“”״・「」『』\u2010\u2013\u2018\u2019\u05f3")
_SIGN_CATEGORIES = ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sk")
# It lengthens Arabic letters, and no others.
_STRETCH = "\N{ARABIC TATWEEL}"
_APOSTROPHES = "\N{MODIFIER LETTER APOSTROPHE}\N{MODIFIER LETTER TURNED COMMA}\N{ACUTE ACCENT}"
# Combining accents can pile up over the lines above.
_FIRST_MARK, _LAST_MARK = "\N{COMBINING GRAVE ACCENT}", "\u036f"
_MARKS_IN_A_ROW_MAX = 2


def display_name(name: str) -> str:
    """Return a name as it is stored and shown: usual letters instead of compatibility forms."""
    return unicodedata.normalize("NFKC", name)


def normal_name(name: str) -> str:
    """Return the form that all spellings of a name share, ignoring case and width of letters."""
    # Folding can produce characters that the normal form joins, so it is applied again.
    return display_name(display_name(name).casefold())


def name_key(name: str) -> str:
    """Return a key for the look of a name: names with the same key look the same."""
    # Separates letters from their accents, so that the letters are compared as well.
    letters = unicodedata.normalize("NFD", normal_name(name)).replace("i\u0307", "i")
    drawn = "".join(map(_plain, letters))
    for pair, letter in _DRAWN_TOGETHER:
        drawn = drawn.replace(pair, letter)
    return " ".join(unicodedata.normalize("NFC", drawn).split())


def check_person_name(name: str) -> str:
    """Return a new user's name, in the form in which it is stored.

    Raises:
        InvalidName: it is empty or too long, could not be addressed or shown, or mixes alphabets as
            only impersonators need to.
    """
    if len(name) > USERNAME_MAX_CHARS:
        raise InvalidName(_LENGTH)
    shown = display_name(name)
    if not 0 < len(shown) <= USERNAME_MAX_CHARS or shown != shown.strip():
        raise InvalidName(_LENGTH)
    if signs := [letter for letter in shown if _is_odd_sign(letter)]:
        raise InvalidName(
            f"A user's name cannot hold the sign {signs[0]!a}. Use one of a keyboard's."
        )
    is_drawn = DRAWN_AS_NOTHING.isdisjoint(shown) and _STRETCH not in shown
    if not shown.isprintable() or not is_drawn:
        raise InvalidName(f"{_LENGTH} This one holds some that cannot be seen. Remove them.")
    # Clients and proxies read these as steps in a path, so nobody could address the user.
    if "/" in shown or shown in (".", ".."):
        raise InvalidName("A user's name holds no slash, and is neither . nor ..")
    if _marks_in_a_row(unicodedata.normalize("NFD", shown)) > _MARKS_IN_A_ROW_MAX:
        raise InvalidName("A user's name has at most two accents on a letter.")
    scripts = {script for letter in shown if (script := _find_script(letter))}
    if unknown := scripts - _SCRIPTS:
        raise InvalidName(
            f"A user's name cannot hold letters such as those called {min(unknown)}. "
            "Write it in Latin letters, or in another script in everyday use."
        )
    if len(scripts) > 1 and not scripts <= _EAST_ASIAN:
        raise InvalidName(
            f"A user's name cannot mix {' and '.join(sorted(scripts))} letters, some of which look "
            "the same. Write it in one script."
        )
    return shown


_LENGTH = (
    f"A user's name has 1 to {USERNAME_MAX_CHARS} visible characters, none of them white space at "
    "its ends."
)


def _plain(letter: str) -> str:
    """Return the Latin letter that a letter, in its normal form, looks like; otherwise itself."""
    if letter.isascii():
        return letter.translate(_PLAIN)
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    if category in ("Pi", "Pf") or letter in _APOSTROPHES:
        return "'"
    if unicodedata.digit(letter, 1) == 0:
        return "o"
    called = unicodedata.name(letter, "")
    capital = called.removeprefix(_SMALL_CAPITAL)
    is_small_capital = capital != called and len(capital) == 1
    return (capital.lower() if is_small_capital else letter).translate(_PLAIN)


def _is_odd_sign(letter: str) -> bool:
    """Whether a letter is a sign that looks, or may look, like another."""
    return (
        not letter.isascii()
        and letter not in _SIGNS
        and unicodedata.category(letter) in _SIGN_CATEGORIES
    )


def _marks_in_a_row(letters: str) -> int:
    """Return the largest number of accents on one letter."""
    longest = run = 0
    for letter in letters:
        run = run + 1 if _FIRST_MARK <= letter <= _LAST_MARK else 0
        longest = max(longest, run)
    return longest


def _find_script(letter: str) -> str:
    """Return the script of a letter or of a script's own digit, "" for other characters."""
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    if unicodedata.category(letter)[0] not in "LN":
        return ""
    if letter in _APOSTROPHES:
        return ""
    word = unicodedata.name(letter, "").split(" ")[0]
    if word == "LATIN" and not _is_latin_in_use(letter):
        return "LATIN FOR PHONETICS"
    if "\u1100" <= letter <= "\u11ff":
        return "HANGUL JAMO"  # a single part of a syllable, which looks like a circle or a stroke
    return "ARABIC" if word.endswith("ARABIC-INDIC") else word


def _is_latin_in_use(letter: str) -> bool:
    """Whether a Latin letter occurs in people's names."""
    base = unicodedata.normalize("NFD", letter.casefold())[0]
    return base.isascii() or base in _LATIN_IN_USE
