import unicodedata

import pytest

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_KEY_MAX_CHARS, USERNAME_MAX_CHARS
from artifacts.rules.people import check_person_name, name_key, normal_name

FULLWIDTH_ADA = "\uff21da"
CYRILLIC_A = "\u0430"


@pytest.mark.parametrize(
    "name",
    [
        "ada", "Lina Torres", "a.b@c#?", "ece30861defaultadminuser", "O'Brien", "名前",
        "田中タロー", "김철수", "Ольга", "Αθηνά", "محمد", "שרה", "अनिता", "Zoë", "Nguyễn",
    ],
)  # fmt: skip
def test_name_when_it_is_in_one_script_in_everyday_use_then_taken_as_it_is(name):
    assert check_person_name(name) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [(FULLWIDTH_ADA, "Ada"), ("o\ufb03ce", "office"), ("e\u0301va", "\u00e9va"), ("x\u00b2", "x2")],
)
def test_name_when_it_has_compatibility_forms_then_kept_in_the_usual_letters(name, kept):
    assert check_person_name(name) == kept


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        (f"{CYRILLIC_A}dmin", "CYRILLIC and LATIN"),
        ("\u03b1dmin", "GREEK and LATIN"),
        ("\u0561dmin", "ARMENIAN and LATIN"),
        ("\u13aa\u13a0", "CHEROKEE"),
        ("\ua4d0\ua4d3", "LISU"),
        ("admin\u0663", "ARABIC and LATIN"),
        *[(f"ad{unseen}min", "cannot be seen") for unseen in (
            "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u034f",
            "\u115f", "\u3164", "\uffa0", "\u2800", "\ufe0f", "\U000e0101", "\U000e0041", "\x00",
            "\n", "\ud800", "\ue000",
        )],
        *[(f"ad{odd}min", "PHONETICS") for odd in "\u01c0\u01c3\u0237\u01bf\u026f\u1d83\u0275"],
        *[(f"ad{odd}min", "the sign") for odd in "\u2212\u02d7\u2236\u201a\u2223\u203f\u2043"],
        *[(f"ad{odd}min", "MODIFIER") for odd in "\u02b9\u02c8\u02cd"],
        ("ad\u3147min", "JAMO"), ("ad\u3163min", "JAMO"), ("\u0645\u0640\u062d", "cannot be seen"),
        ("a" + "\u0301\u0302\u0303\u0304", "accents"),
        ("", "1 to 150"),
        ("\u3000ada", "white space"),
        ("x" * (USERNAME_MAX_CHARS + 1), "1 to 150"),
        ("\ufdfa" * USERNAME_MAX_CHARS, "1 to 150"),
        ("a\uff0fb", "slash"),
        ("\uff0e\uff0e", "slash"),
    ],
    ids=ascii,
)  # fmt: skip
def test_name_when_it_could_pass_for_another_or_not_be_seen_then_refused(name, complaint):
    with pytest.raises(InvalidName, match=complaint):
        check_person_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ada", "ADA"), ("ada", FULLWIDTH_ADA), ("fin", "\ufb01n"), ("strasse", "STRAßE"),
     ("\u00e9va", "E\u0301VA"), ("\u03c3", "\u03c2")],
    ids=ascii,
)  # fmt: skip
def test_spellings_when_only_case_and_width_differ_then_one_name(one, other):
    assert normal_name(one) == normal_name(other)
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cop", "\u0441\u043e\u0440"), ("ada", f"{CYRILLIC_A}da"), ("BET", "\u0412\u0415\u0422"),
        ("aoi", "\u03b1\u03bf\u03b9"), ("user1", "userl"), ("user0", "usero"),
        ("admin", "\u1d00\u1d05\u1d0d\u026a\u0274"), ("istanbul", "\u0131stanbul"),
        ("a-b", "a\u2010b"), ("o'brien", "o\u2019brien"), ("a b", "a  b"),
        ("\u03cc", "\u00f3"), ("\u0130da", "ida"),
        ("paypal", "\u0440\u0430\u0443\u0440\u0430\u04cf"),
        # A capital I is an l, and two letters are one.
        ("ece30861defaultadminuser", "ece30861defauItadminuser"), ("lan", "Ian"), ("aIl", "all"),
        ("admin", "adrnin"), ("will", "vvill"), ("alice", "a|ice"), ("o'brien", "o`brien"),
        ("bob", "b\u3007b"), ("alice", "a\u4e28ice"), ("nan", "\u043f\u0430\u043f"),
        ("bob", "\u042c\u043e\u042c"), ("no", "\u03c0\u03bf"), ("\u53e3", "\u30ed"),
        ("\u0644\u06cc", "\u0644\u064a"), ("\u00d0an", "\u0110an"), ("van", "\u028ban"),
        ("0", "\u0e50"), ("l", "\u0627"),
    ],
    ids=ascii,
)  # fmt: skip
def test_names_when_they_look_the_same_then_have_one_key_but_are_two_names(one, other):
    assert name_key(one) == name_key(other)
    assert normal_name(one) != normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ada", "adam"), ("ali", "alu"), ("eva", "\u00e9va"), ("a.b", "a-b")]
)
def test_names_when_they_are_told_apart_easily_then_have_keys_of_their_own(one, other):
    assert name_key(one) != name_key(other)


def test_key_when_made_of_any_letter_then_fits_its_column():
    longest = 0
    # One of each block of sixteen, and all of the first ones, whose foldings are the longest.
    for code in (*range(0x3000), *range(0x3000, 0x110000, 16)):
        letter = unicodedata.normalize("NFKC", chr(code))
        if len(letter) == 1 and letter.isprintable():
            longest = max(longest, len(name_key(letter)))
    assert longest * USERNAME_MAX_CHARS == NAME_KEY_MAX_CHARS
    assert NAME_KEY_MAX_CHARS * 4 < 2_704  # bytes, PostgreSQL's largest key in an index


def test_key_when_made_of_a_key_then_stays():
    names = ["Ada", "\u0412\u0415\u0422", "user10", "O\u2019Brien", "\u0130da"]
    assert [name_key(name_key(name)) for name in names] == [name_key(name) for name in names]
