"""Who worked on a repository: people, each once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.contributors import Contributor, is_bot, is_by_another, list_people


@pytest.mark.parametrize(
    "name",
    [
        "dependabot[bot]", "dependabot", "renovate", "renovate-bot", "github-actions", "system",
        "SFconvertbot", "hf-bot", "ci-robot", "Acme CI Bot", "bot-of-acme", "updater_bot",
        "mergebot", "GitHub", "acme-release-bots", "autoformatbot",
        "acme-ci", "ci_acme", "acme-automation", "Acme Service Account",
    ],
)  # fmt: skip
def test_is_bot_when_a_program_then_yes(name):
    assert is_bot(name)


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "Leonardo-daVinci",
        "cicero",
        "Ms Talbot",
        "J. Abbot",
        "Cibot",
        "bottom-up",
        "robotics-fan",
        "Botha",
        "",
        "systema",
    ],
)
def test_is_bot_when_a_person_then_no(name):
    assert not is_bot(name)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"login": "ada", "name": "Ada"}, {"name": "Ada"}, id="a name"),
        pytest.param({"login": "Ada"}, {"login": "ada"}, id="case"),
        pytest.param(
            {"login": "ada-l"}, {"email": "17+ada-l@users.noreply.github.com"}, id="hidden address"
        ),
        pytest.param(
            {"login": "ada-l"}, {"email": "ada-l@users.noreply.github.com"}, id="older form"
        ),
        pytest.param(
            {"name": "A", "email": "ada@acme.io"}, {"name": "B", "email": "Ada@acme.io"},
            id="one address",
        ),
        pytest.param({"login": "ada-lovelace"}, {"name": "Ada Lovelace"}, id="account as a name"),
    ],
)  # fmt: skip
def test_people_when_two_entries_are_one_person_then_counted_once(first, second):
    entries = [Contributor(3, **first), Contributor(4, **second), Contributor(1, login="bob")]
    assert [each.commits for each in list_people(entries)] == [7, 1]


def test_people_when_a_third_entry_joins_two_then_one():
    entries = [
        Contributor(5, login="ada"),
        Contributor(4, name="Countess Lovelace"),
        Contributor(1, name="Countess Lovelace", email="1+ada@users.noreply.github.com"),
    ]
    (person,) = list_people(entries)
    assert (person.name, person.commits) == ("ada", 10)


def test_people_when_different_then_each_stays():
    entries = [
        Contributor(5, name="Bo", email="bo@a.io"),
        Contributor(4, name="Bo", email="bo@b.io"),
        Contributor(3, name="Ada", email="me@a.io"),
        Contributor(2, name="Cy", email="me@b.io"),
    ]
    assert [each.commits for each in list_people(entries)] == [5, 4, 3, 2]


def test_people_when_some_are_programs_or_did_nothing_then_left_out():
    entries = [
        Contributor(9, login="helper", is_marked_bot=True),
        Contributor(9, login="convertbot"),
        Contributor(9, login="x", name="dependabot[bot]"),
        Contributor(0, login="idle"),
    ]
    assert list_people(entries) == []


@given(
    st.lists(st.builds(Contributor, st.integers(0, 9), st.text(max_size=4), st.text(max_size=4)))
)
def test_people_whatever_the_entries_then_no_commit_of_a_person_is_lost(entries):
    counted = [each.commits for each in entries if not each.is_bot]
    assert sum(each.commits for each in list_people(entries)) == sum(counted)


@pytest.mark.parametrize(
    ("reviewer", "author", "expected"),
    [("bob", "ada", True), ("Ada", "ada", False), ("", "ada", False), (None, "ada", False),
     ("approve-bot", "ada", False), ("bob", None, True)],
)  # fmt: skip
def test_review_when_given_then_only_another_persons_counts(reviewer, author, expected):
    assert is_by_another(reviewer, author) is expected


@pytest.mark.parametrize(
    "entry",
    [
        Contributor(9, login="codecov-io"), Contributor(9, name="GitHub Actions"),
        Contributor(9, name="A. Unique TensorFlower"),
        Contributor(9, login="HuggingFaceDocBuilder"),
        Contributor(9, login="MirrorBot"), Contributor(9, login="Copilot"),
        Contributor(9, name="Claude", email="noreply@anthropic.com"),
        Contributor(9, name="Cursor", email="CursorAgent@cursor.com"),
    ],
    ids=str,
)  # fmt: skip
def test_contributor_when_a_program_has_a_name_of_its_own_then_a_bot(entry):
    assert entry.is_bot


@pytest.mark.parametrize("name", ["Claude Monet", "Ann Talbot", "botond", "Jean Cabot", "root"])
def test_contributor_when_a_person_is_called_alike_then_no_bot(name):
    assert not Contributor(1, name=name, email="a@acme.example").is_bot


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Contributor(5, name="José Núñez"), Contributor(3, name="Jose Nunez")),
        (Contributor(5, name="Rene\u0301 Roy"), Contributor(3, name="Ren\xe9 Roy")),
        (Contributor(5, name="Anna Berg"), Contributor(3, name="Berg, Anna")),
        (Contributor(5, name="\u738b\u4f1f"), Contributor(3, name="\u738b\u4f1f")),
        (Contributor(5, name="Ann", email="ann@acme.dev"),
         Contributor(3, name="Zed", email="Ann+git@acme.dev")),
        (Contributor(5, name="Ann", email="ann.berg@gmail.com"),
         Contributor(3, name="Zed", email="annberg@gmail.com")),
        (Contributor(5, login="annb"),
         Contributor(3, name="Zed", email="7-annb@users.noreply.gitlab.com")),
        (Contributor(5, login="annb"),
         Contributor(3, name="Zed", email="annb@users.noreply.huggingface.co")),
    ],
    ids=str,
)  # fmt: skip
def test_list_people_when_one_person_has_another_spelling_or_address_then_one(one, other):
    assert [each.commits for each in list_people([one, other])] == [8]


@pytest.mark.parametrize("email", ["root@localhost", "none@none", "you@example.com", ""])
@pytest.mark.parametrize("name", ["root", "Your Name", "user", ""])
def test_list_people_when_git_knew_nobody_then_two_are_not_one(email, name):
    entries = [Contributor(5, "ann", name, email), Contributor(3, "bob", name, email)]
    assert [each.name for each in list_people(entries)] == ["ann", "bob"]
