"""Which code repository a rating looks at."""

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.rating.evidence import Missing
from artifacts.rules.rating.ownership import RepositoryText
from artifacts.rules.readme import Readme, parse_readme
from artifacts.services.trust.code_search import CodePlace, search_code
from artifacts.sources.inquiry import Inquiry
from tests.factories.evidence import make_model

pytestmark = pytest.mark.django_db
OWN = "Our scripts: [code](https://github.com/acme/tools)."
PORT = "This is a port of the [official repository](https://github.com/lab/brew)."
WIDGET = "The demonstration uses a widget: [GitHub](https://github.com/widgets/input)"


def search(card: str, **changes):
    """Search for the code of acme/robot."""
    model = make_model(readme=card, **changes)
    return search_code(model, parse_readme(card), None, (), Inquiry(10))


def say(readme: str, repository: str = "lab/brew") -> dict[str, RepositoryText]:
    return {
        repository: RepositoryText(repository, f"https://github.com/{repository}", readme=readme)
    }


@pytest.mark.parametrize("card", [f"{OWN}\n\n{PORT}", f"{PORT}\n\n{WIDGET}\n\n{OWN}"])
def test_search_when_one_has_the_models_owner_then_that_and_nobody_is_asked(card, outside):
    found = search(card)
    assert isinstance(found.place, CodePlace)
    assert (found.place.repository, found.place.found_by) == ("acme/tools", "readme")
    assert found.place.ownership is not None
    assert "acme/tools" not in {each.repository for each in found.mentioned}
    assert outside.asked == []


@pytest.mark.parametrize(
    "card", [PORT, WIDGET, f"{PORT}\n\n{WIDGET}"], ids=["port", "widget", "both"]
)
def test_search_when_only_others_are_linked_then_the_library_and_they_are_mentioned(card, outside):
    outside.texts = say("Nothing about robots.") | say("An input.", "widgets/input")
    found = search(card, library="timm")
    assert found.place == CodePlace("huggingface/pytorch-image-models", "library")
    assert {each.repository for each in found.mentioned} <= {"lab/brew", "widgets/input"}
    assert found.mentioned
    assert all(each.repository in each.reason for each in found.mentioned)


def test_search_when_only_others_are_linked_and_no_library_is_known_then_missing_with_the_reason():
    found = search(WIDGET)
    assert isinstance(found.place, Missing)
    assert "nothing shows" in found.place.reason
    assert not found.place.try_later


def test_search_when_the_repository_names_the_model_then_it_is_its_own(outside):
    outside.texts = say("Weights: https://huggingface.co/acme/robot")
    found = search("The code is in [this repository](https://github.com/lab/brew).")
    assert isinstance(found.place, CodePlace)
    assert found.place.ownership is not None
    assert "huggingface.co/acme/robot" in found.place.ownership.quote
    assert found.mentioned == ()


def test_search_when_github_is_silent_then_later_and_no_verdict_on_the_link(outside):
    outside.texts = SourceUnavailable("GitHub sleeps.")
    found = search(PORT, library="timm")
    assert isinstance(found.place, Missing)
    assert found.place.try_later


def test_search_when_the_model_is_from_github_then_its_own_repository():
    model = make_model(repository="acme/robot", origin="github")
    found = search_code(model, Readme(), None, (), Inquiry(10))
    assert isinstance(found.place, CodePlace)
    assert found.place.repository == "acme/robot"
    assert found.place.ownership is not None


@pytest.mark.parametrize(
    ("library", "words"),
    [("tea-kit", "no repository of the library tea-kit is known here"), ("", "was not found")],
)
@pytest.mark.parametrize("card", [WIDGET, ""])
def test_search_when_the_library_has_no_known_repository_then_it_is_named(card, library, words):
    found = search(card, library=library)
    assert isinstance(found.place, Missing)
    assert words in found.place.reason
