"""The runbook as the rehearsal reads it: no command without a place, no word without a meaning."""

import os
import re
import subprocess

import pytest

from tests.rehearsal import runbook
from tests.rehearsal.runbook import (
    BY_CARETAKER,
    DOCUMENT,
    EXAMPLES,
    NOT_RUN,
    PLACEHOLDERS,
    PLACES,
    Place,
    Runbook,
    filled,
    read_commands,
    unknown_words,
)
from tests.rehearsal.world import World

COMMANDS = read_commands()
VALUES = {name: f"<{name.lower()}>" for name in (*PLACEHOLDERS, *EXAMPLES)}
SMALL = """\
## First

```sh
one --with 'a quote
  over lines' \\
  and more   # and why
two
```

```
not a command
```

## Second

1. Indented:

   ```sh
   # A remark.
   three
   ```
"""


def test_document_when_read_then_commands_are_found():
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_command_when_it_stands_in_the_runbook_then_it_has_a_place_in_the_rehearsal(command):
    assert command.section in PLACES, "name a step for this section in runbook.PLACES"


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_command_when_it_leaves_words_open_then_the_rehearsal_fills_them_in(command):
    assert unknown_words(command) == [], "name them in runbook.PLACEHOLDERS and World.placeholders"


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_command_when_it_names_the_home_then_a_shell_takes_it_for_that(command):
    # A shell knows `~` at the beginning of a word or of a variable's value, and the rehearsal fills
    # it in wherever it stands.
    assert re.findall(r"(?<!\s)(?<![A-Z]=)~/", command.text) == []


@pytest.mark.parametrize("section", PLACES)
def test_place_when_given_then_its_section_has_commands(section):
    assert [each for each in COMMANDS if each.section == section]


@pytest.mark.parametrize("start", NOT_RUN or ["none"])
def test_command_when_not_run_then_it_stands_in_the_runbook_and_the_reason_is_told(start):
    assert not NOT_RUN or [each for each in COMMANDS if each.text.startswith(start)]
    assert len(NOT_RUN) <= 5


def test_prose_when_it_names_a_command_then_a_fence_has_it():
    # What stands between backticks alone is run by nobody.
    prose = re.sub(r"```.*?```", "", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL)
    starts = r"(?:aws|psql|git|\.venv[\w-]*/bin/\w+|make \w+|zappa \w+|(?:python3? )?manage\.py) "
    told = re.findall(rf"`({starts}[^`]*(?:STAGE|production)[^`]*)`", prose)
    allowed = {"make cloud STAGE=dev"}
    assert sorted(set(told) - allowed) == []


def test_placeholders_when_the_world_fills_them_in_then_all_of_them():
    world = World.__new__(World)
    world.__dict__.update(
        stage="production",
        database_url="postgres://root@127.0.0.1/one",
        urls={"rest": "http://127.0.0.1:1"},
        folder=DOCUMENT,
        empty_database_url="",
        network={"SUBNETS": "", "SECURITY_GROUP": ""},
    )
    assert set(world.placeholders) == {*PLACEHOLDERS, *EXAMPLES}


def test_read_when_a_command_goes_on_then_with_all_of_its_lines():
    first, second, third = read_commands(SMALL)
    assert first.text.splitlines() == [
        "one --with 'a quote",
        "over lines' \\",
        "and more   # and why",
    ]
    assert (first.section, first.line) == ("First", 4)
    assert second.text == "two"
    assert (third.section, third.text) == ("Second", "three")


def test_read_when_a_quote_stays_open_then_says_where():
    with pytest.raises(ValueError, match="line 4"):
        read_commands(SMALL.replace("over lines'", "over lines"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("make x STAGE=STAGE", "make x STAGE=<stage>"),
        ("--bucket DEPLOYMENT_BUCKET BUCKET", "--bucket <deployment_bucket> <bucket>"),
        ("registry-STAGE $STAGE MY_STAGE", "registry-<stage> $STAGE MY_STAGE"),
        ("arn:aws:iam::ACCOUNT:role/x", "arn:aws:iam::<account>:role/x"),
        ('"https://registry.example.com" ~/x', '"<https://registry.example.com>" <~/>x'),
    ],
)
def test_filled_when_a_word_stands_for_something_then_that(text, wanted):
    assert filled(text, VALUES) == wanted


def test_unknown_words_when_there_is_one_then_it_is_named():
    (command,) = read_commands(
        '## A\n```sh\naws x --user SOMEBODY --stage STAGE \'{"A": "PUT"}\'\n```'
    )
    assert unknown_words(command) == ["SOMEBODY"]


def test_follow_when_a_place_is_named_then_its_sections_are_run_in_order(monkeypatch):
    given = []
    monkeypatch.setattr(runbook, "read_commands", lambda: read_commands(SMALL))
    monkeypatch.setattr(runbook, "PLACES", {"First": Place.UPDATE, "Second": Place.END})
    book = Runbook(lambda line: given.append(line) or "", lambda: VALUES, take_care=given.append)
    book.follow(Place.UPDATE)
    assert [line.split()[0] for line in given] == ["one", "two"]
    assert [each.text for each in book.not_run()] == ["three"]
    book.follow(Place.END)
    assert list(book.not_run()) == []


def test_command_when_it_cannot_be_run_here_then_it_is_passed_over(monkeypatch):
    monkeypatch.setattr(runbook, "read_commands", lambda: read_commands(SMALL))
    monkeypatch.setattr(runbook, "PLACES", {"First": Place.UPDATE, "Second": Place.END})
    monkeypatch.setattr(runbook, "NOT_RUN", {"two": "Nothing here has a second one."})
    given = []
    book = Runbook(lambda line: given.append(line) or "", lambda: VALUES, take_care=given.append)
    book.follow(Place.UPDATE)
    assert [line.split()[0] for line in given] == ["one"]
    assert [each.text for each in book.not_run()] == ["three"]


def test_command_when_it_is_the_caretakers_then_given_with_his_keys(monkeypatch):
    monkeypatch.setattr(runbook, "read_commands", lambda: read_commands(SMALL))
    monkeypatch.setattr(runbook, "PLACES", {"First": Place.UPDATE})
    monkeypatch.setattr(runbook, "BY_CARETAKER", ("two",))
    given: list[str] = []
    cared: list[str] = []
    book = Runbook(given.append, lambda: VALUES, take_care=cared.append)
    book.follow(Place.UPDATE)
    assert ([line.split()[0] for line in given], cared) == (["one"], ["two"])


@pytest.mark.parametrize("start", BY_CARETAKER)
def test_caretaker_when_he_gives_commands_then_the_runbook_has_them(start):
    assert [each for each in COMMANDS if each.text.startswith(start)]


FROM_FILE = [
    each for each in COMMANDS if "$REGISTRY_ENV_FILE" in each.text and "xargs" in each.text
]


@pytest.mark.parametrize("command", FROM_FILE, ids=str)
def test_command_when_it_takes_the_file_of_variables_then_every_line_that_deploying_takes(
    command, tmp_path
):
    file = tmp_path / "registry.env"
    file.write_text("# A remark.\n\nSECRET_KEY=a b'c#\n\nHF_TOKEN=x=y\n", encoding="utf-8")
    reading, _, _ = command.text.partition("sh -c")
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{reading} printf '<%s>'"],
        env=os.environ | {"REGISTRY_ENV_FILE": str(file)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "<SECRET_KEY=a b'c#><HF_TOKEN=x=y>"
