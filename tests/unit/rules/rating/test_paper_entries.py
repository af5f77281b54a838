"""Whose papers are, by their entries, by the names in their titles, and by words beside them."""

import pytest

from artifacts.rules.rating.papers import find_papers
from artifacts.rules.rating.papers_elsewhere import find_paper_elsewhere
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import make_model
from tests.unit.rules.rating.test_papers import ENTRY

TWO = """```bibtex
@inproceedings{tea, title={Kettles that listen}, booktitle={TeaConf}}
@inproceedings{loss, title={A loss for cups}, booktitle={PotConf}}
```"""


def test_paper_when_one_block_has_several_entries_then_each_is_judged():
    assert "Kettles" in find_paper_elsewhere(parse_readme(TWO))
    assert not find_paper_elsewhere(parse_readme(TWO.replace("Kettles that listen", "A corpus")))


@pytest.mark.parametrize(
    "readme",
    [
        "### Citing ESPnet\n\n" + ENTRY % "Speech for all",
        "### Citing PotKit\n\nor arXiv:\n\n" + ENTRY % "Speech for all",
        "## Citation\n\n" + ENTRY % "{SpeechBrain}: A toolkit",
        'Trained on it, by PotNet (Doe, "Pots." TeaConf 2017. https://arxiv.org/abs/2101.00001)',
    ],
)
def test_papers_when_a_library_or_a_part_is_cited_then_none(readme):
    model = make_model(readme=readme, tags=("arxiv:2101.00001",))
    assert find_papers(model) == []
    assert not find_paper_elsewhere(parse_readme(readme))


@pytest.mark.parametrize("heading", ["Citing Robot", "Citing this work", "Cite", "Citing us"])
def test_papers_when_the_model_is_cited_then_found(heading):
    readme = f"### {heading}\n\n" + ENTRY % "Kettles that listen"
    assert find_papers(make_model(readme=readme)) == ["2101.00001"]


METHOD = "- Brew2: Pots without labels: https://arxiv.org/abs/2101.00001"


@pytest.mark.parametrize(
    ("words", "is_own"),
    [
        ("Pretrained on cups with the self-supervised Brew2 method.", False),
        ("It is based on Brew2.", False),
        ("Brew2 serves tea.", True),
    ],
)
def test_papers_when_their_name_is_that_of_a_method_used_then_none(words, is_own):
    other = "- Tea is worth it: https://arxiv.org/abs/2202.00002"
    readme = f"# Cups\n\n{words}\n\n- **Papers:**\n  {METHOD}\n  {other}\n"
    tags = ("arxiv:2101.00001", "arxiv:2202.00002")
    found = find_papers(make_model(repository="acme/cups", readme=readme, tags=tags))
    assert found == (["2101.00001", "2202.00002"] if is_own else [])
    ours = make_model(repository="acme/brew2-small", readme=readme, tags=tags)
    assert "2101.00001" in find_papers(ours)


@pytest.mark.parametrize(
    ("words", "is_own"),
    [
        ("The preprint has all the details: ", True),
        ("A net in the spirit of ", False),
        ("Similar to ", False),
        (
            "It hears the kettle long before the water boils, by a small net in the spirit of\n",
            False,
        ),
    ],
)
def test_papers_when_words_beside_tell_whose_then_that(words, is_own):
    readme = f"## Evaluation\n\n{words}[Pots](https://arxiv.org/abs/2101.00001)."
    readme = readme if is_own else readme.removeprefix("## Evaluation\n\n")
    model = make_model(readme=readme, tags=("arxiv:2101.00001",))
    assert bool(find_papers(model)) is is_own


@pytest.mark.parametrize(
    "heading",
    [
        "Cytowanie",
        "Zitieren",
        "Citar",
        "\u5f15\u7528",
        "\u0426\u0438\u0442\u0438\u0440\u043e\u0432\u0430\u043d\u0438\u0435",
    ],
)
def test_paper_when_written_out_below_a_heading_of_another_language_then_known(heading):
    readme = f"## {heading}\n\nDoe J., Roe R. (2024). \u201eKettles that listen\u201d. Tea 125, 2."
    assert find_paper_elsewhere(parse_readme(readme))
    assert not find_paper_elsewhere(parse_readme(readme.replace(heading, "Thanks")))


@pytest.mark.parametrize(
    "readme",
    [
        "- **Paper:** [Kettles: Building and Evaluating Pots](https://www.biorxiv.org/content/1)",
        "```bibtex\n@article{k, title={Kettles: Evaluating Pots}, journal={bioRxiv}}\n```",
    ],
)
def test_paper_elsewhere_when_its_title_names_the_model_then_any_word_may_stand_in_it(readme):
    assert "Kettles" in find_paper_elsewhere(parse_readme(readme), "acme/kettles-v2-30m")
    assert find_paper_elsewhere(parse_readme(readme), "acme/cups-v2-30m") == ""


def test_papers_when_they_propose_a_part_then_somebody_elses():
    parts = (
        "It uses two components proposed by Doe et al. in [Tea](https://arxiv.org/abs/2101.00001)."
    )
    assert find_papers(make_model(readme=parts)) == []
