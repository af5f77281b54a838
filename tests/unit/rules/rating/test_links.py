"""Which code repository is a model's."""

import pytest

from artifacts.rules.rating.links import github_repository, list_code_links
from artifacts.rules.readme import parse_readme


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        pytest.param("See [this repository](https://github.com/acme/tea).", "acme/tea", id="words"),
        pytest.param("[acme](https://github.com/acme/robot)", "acme/robot", id="the model's name"),
        pytest.param("https://github.com/acme/robot.git", "acme/robot", id="bare, with .git"),
        pytest.param(
            '<p align="center"><a href="https://github.com/acme/robot">x</a></p>', "acme/robot",
            id="in HTML",
        ),
        pytest.param(
            "Thanks to [x](https://github.com/other/thing).\n\n"
            "The code is in [this repository](https://github.com/acme/robot).", "acme/robot",
            id="the clearer of two",
        ),
        pytest.param("[`acme-lab/pots`](https://github.com/acme-lab/pots) is the home of this.",
                     "acme-lab/pots", id="called after the repository"),
        pytest.param("[a list](https://github.com/other/awesome)", None, id="an aside"),
        pytest.param(
            "## Training data\n\n| Data | Link |\n|---|---|\n"
            "| Tea | [code](https://github.com/other/teas) |", None, id="a row of data",
        ),
        pytest.param("More on the code of Robot [here](https://github.com/other/robot/issues/22).",
                     None, id="somebody else's discussion"),
        pytest.param("The code is discussed [here](https://github.com/acme/robot/issues/22).",
                     "acme/robot", id="the owner's discussion"),
        pytest.param("https://github.com/acme", None, id="an owner only"),
        pytest.param("https://github.com/topics/robot", None, id="a page of GitHub's"),
        pytest.param("https://gitlab.com/acme/robot", None, id="another host"),
        pytest.param("https://evil.example/github.com/acme/robot", None, id="a path like it"),
        pytest.param("", None, id="nothing"),
    ],
)  # fmt: skip
def test_code_links_when_there_are_some_then_those_that_speak_of_code(readme, expected):
    found = list_code_links("acme/robot", {}, parse_readme(readme))
    named = [(each.repository, each.found_by) for each in found]
    assert named == ([(expected, "readme")] if expected else [])


def test_code_links_when_the_card_names_one_then_that_first():
    card = {"repo": "https://github.com/acme/official"}
    readme = parse_readme("The code: https://github.com/acme/robot and https://github.com/b/robot")
    found = list_code_links("acme/robot", card, readme)
    assert [(each.repository, each.found_by) for each in found] == [
        ("acme/official", "card"), ("acme/robot", "readme"), ("b/robot", "readme"),
    ]  # fmt: skip
    assert found[0].context == "repo: https://github.com/acme/official"


def test_code_links_when_one_is_linked_twice_then_once_by_its_clearer_link():
    readme = parse_readme(
        "See [robot](https://github.com/Acme/robot).\n\n[The code](https://github.com/acme/Robot)."
    )
    (found,) = list_code_links("acme/robot", {}, readme)
    assert "The code" in found.context


@pytest.mark.parametrize("value", [None, 5, [], {}, "acme/robot", "http://[", "https://github.com"])
def test_github_repository_when_the_value_is_nonsense_then_none(value):
    assert github_repository(value) == ""


@pytest.mark.parametrize(
    ("model", "repository", "is_found"),
    [
        ("flair/robot", "flairNLP/flair", False),
        ("ultralytics/cup-9", "ultralytics/ultralytics", True),
        ("speechbrain/cup", "speechbrain/speechbrain", True), ("acme/cup", "acme/teapot", False),
        ("explosion/cup", "explosion/spaCy", True),
    ],
)  # fmt: skip
def test_code_links_when_a_library_is_of_the_models_owner_then_found(model, repository, is_found):
    readme = parse_readme(f"It was made with [teapot](https://github.com/{repository}) 2.0.")
    assert bool(list_code_links(model, {}, readme)) == is_found


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git clone https://github.com/acme/tea-tools.git && cd tea-tools", ["acme/tea-tools"]),
        ("git clone https://github.com/other/tea-tools", []),
        ("git clone https://gitlab.com/acme/tea-tools", []),
    ],
)
def test_links_when_a_command_clones_the_owners_repository_then_that(command, expected):
    readme = parse_readme(f"# Tea\n\n```bash\n{command}\n```\n")
    found = list_code_links("acme/robot", {}, readme)
    assert [each.repository for each in found] == expected
