"""Papers about a model, and those that its card only cites."""

import pytest

from artifacts.rules.rating.papers import find_papers
from artifacts.rules.rating.papers_elsewhere import find_paper_elsewhere, refers_for_results
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import make_model

ENTRY = "```bibtex\n@article{tea,\n title={%s},\n journal={arXiv:2101.00001}\n}\n```"


@pytest.mark.parametrize(
    "readme",
    [
        "It was introduced in [this paper](https://arxiv.org/abs/2101.00001).",
        "Paper: https://arxiv.org/pdf/2101.00001",
        ENTRY % "Kettles that listen",
        "See arXiv:2101.00001.",
        "It was evaluated. Our paper (arXiv:2101.00001) has more.",
        "- **Paper [optional]:** https://arxiv.org/abs/2101.00001",
        "**Paper**: https://arxiv.org/abs/2101.00001",
    ],
)
def test_papers_when_about_the_model_then_found(readme):
    assert find_papers(make_model(readme=readme)) == ["2101.00001"]


@pytest.mark.parametrize(
    "readme",
    [
        "It was evaluated on [MMLU](https://arxiv.org/abs/2101.00001).",
        "The benchmark is described by Doe et al. (arXiv:2101.00001).",
        "A fine-tuned version of BERT (https://arxiv.org/abs/2101.00001).",
        "Trained with the AdamW optimizer, arXiv:2101.00001",
        "| Cups | [paper](https://arxiv.org/abs/2101.00001) | 900 |",
        ENTRY % "A data set of kettles",
        ENTRY % "Measuring language: a benchmark",
    ],
)
@pytest.mark.parametrize("tags", [(), ("arxiv:2101.00001",)], ids=["card", "and a tag"])
def test_papers_when_of_something_else_then_none(readme, tags):
    assert find_papers(make_model(readme=readme, tags=tags)) == []


def test_papers_when_only_a_tag_names_it_then_found():
    assert find_papers(make_model(tags=("arxiv:2101.00001",))) == ["2101.00001"]


@pytest.mark.parametrize(
    ("readme", "found"),
    [
        ("```bibtex\n@inproceedings{tea, title={Kettles that listen}}\n```", True),
        ("Read [our paper](https://example.org/tea.pdf).", True),
        ("```bibtex\n@inproceedings{tea, title={A benchmark of kettles}}\n```", False),
        ("Read [our page](https://example.org/tea).", False),
        ('Please cite: Doe et al., "Kettles that listen", TeaConf 2021.', True),
        ("## Citation\n\nDoe, J. and Roe, R. (2021). Kettles that listen. TeaConf.", True),
        ('Please cite the data set: Doe et al., "Ten thousand kettles", 2021.', False),
        ("Doe et al. (2021) listen to kettles, too.", False),
        ("Please cite this page.", False),
        ("| Data |\n|---|\n| [paper A](https://x.org/a), [paper B](https://x.org/b) |", False),
        ("| Data | Source |\n|---|---|\n| Cups | [paper](https://example.org/cups.pdf) |", False),
    ],
)
def test_paper_when_not_on_arxiv_then_known_by_entry_or_link(readme, found):
    assert bool(find_paper_elsewhere(parse_readme(readme))) is found


@pytest.mark.parametrize(
    "readme",
    [
        "## Training Data\n\n- Cups\n  - Mug-2 [Doe et al., 2018](https://arxiv.org/abs/2101.00001)",
        "### Datasets\n\n- [Roe et al., 2017](https://arxiv.org/abs/2101.00001)",
        "## Acknowledgements\n\nSee [Roe et al.](https://arxiv.org/abs/2101.00001)",
        "#### Sentence Transformers\n" + ENTRY % "Embeddings of sentences",
        "#### CupRankingLoss\n" + ENTRY % "Replies that are quick",
        "## TRL\n" + ENTRY % "Learning from feedback",
    ],
)
def test_papers_when_their_heading_tells_that_they_are_of_others_then_none(readme):
    model = make_model(readme=readme, tags=("arxiv:2101.00001",))
    assert find_papers(model) == []
    assert not find_paper_elsewhere(parse_readme(readme))


@pytest.mark.parametrize(
    "readme",
    [
        "## Training Data\n\nThe data are described in our paper, arXiv:2101.00001.",
        "## Citation\n\n" + ENTRY % "Kettles that listen",
    ],
)
def test_papers_when_their_own_words_tell_then_found_below_any_heading(readme):
    assert find_papers(make_model(readme=readme)) == ["2101.00001"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.biorxiv.org/content/10.1101/2024.01.01.1",
        "https://openreview.net/forum?id=tea",
        "https://doi.org/10.1000/tea",
    ],
)
def test_paper_when_at_a_publisher_then_known_by_its_address(url):
    assert find_paper_elsewhere(parse_readme(f"Paper: [Kettles that listen]({url})"))
    assert not find_paper_elsewhere(parse_readme(f"It uses [cups]({url})."))


@pytest.mark.parametrize(
    ("readme", "refers"),
    [
        ("For full results see the [research paper](https://example.org/tea.pdf), table 14.", True),
        ("See the [research paper](https://example.org/tea.pdf).", False),
        ("The [paper](https://arxiv.org/abs/2101.00009) of the benchmark has scores.", False),
        ("Evaluation results are in the [paper](https://arxiv.org/abs/2101.00001).", True),
    ],
)
def test_results_when_a_card_leaves_them_to_its_paper_then_told(readme, refers):
    assert refers_for_results(parse_readme(readme), ["2101.00001"]) is refers


@pytest.mark.parametrize(
    ("title", "papers"), [("Kettles that listen", ["2101.00001"]), ("A data set of cups", [])]
)
def test_papers_when_an_entry_states_them_as_eprint_then_read(title, papers):
    entry = f"```bibtex\n@misc{{tea,\n title={{{title}}},\n eprint={{2101.00001}}\n}}\n```"
    assert find_papers(make_model(readme=entry, tags=("arxiv:2101.00001",))) == papers


@pytest.mark.parametrize(
    "readme",
    [
        pytest.param("Based on the encoder of arXiv:2101.00001.\n\n## More\n\n"
                     "[1] Tea and cups, https://arxiv.org/abs/2101.00001", id="named again"),
        pytest.param("## References\n\n- Tea and cups: https://arxiv.org/abs/2101.00001",
                     id="in a list"),
        pytest.param("**Architecture:**\n- Cups: https://arxiv.org/abs/2101.00001",
                     id="below a line in bold"),
        pytest.param("This model was built based on [Cups](https://arxiv.org/abs/2101.00001).",
                     id="what this model was built from"),
    ],
)  # fmt: skip
def test_papers_when_only_what_it_builds_on_then_none(readme):
    assert find_papers(make_model(readme=readme)) == []


def test_papers_when_a_list_has_the_models_own_name_then_found():
    readme = "## References\n\n* [RobotV2: Cups for all](https://arxiv.org/abs/2101.00001)"
    assert find_papers(make_model(repository="acme/Robot-v2", readme=readme)) == ["2101.00001"]


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{x,\n title={Robot},\n howpublished={https://huggingface.co/acme/robot}\n}",
        "@software{x,\n title={Robot},\n doi={10.5281/zenodo.1}\n}",
        "@misc{x,\n title={Robot},\n url={https://github.com/acme/robot},\n journal={GitHub}\n}",
    ],
)
def test_entry_when_it_cites_a_page_or_a_program_then_no_paper(entry):
    assert not find_paper_elsewhere(parse_readme(f"```bibtex\n{entry}\n```"))


def test_entry_when_a_paper_has_a_page_as_well_then_found():
    entry = (
        "@inproceedings{x,\n title={Robot},\n booktitle={Tea 24},\n url={https://github.com/a/b}\n}"
    )
    assert find_paper_elsewhere(parse_readme(f"```bibtex\n{entry}\n```"))


@pytest.mark.parametrize(
    "readme",
    [
        "It has no limit of length, thanks to [RoPE](https://arxiv.org/abs/2101.00001).",
        "Unlike [LLaMA](https://arxiv.org/abs/2101.00001), you may sell it.",
        "Sizes are as in [MEGATRON-LM](https://arxiv.org/abs/2101.00001).",
        "Trained with KTO, a method introduced in [Tea](https://arxiv.org/abs/2101.00001).",
        "Tuned with a technique that was proposed in [Cups](https://arxiv.org/abs/2101.00001).",
        "Cite GRPO as:\n\n" + ENTRY % "Kettles that reason",
    ],
)
def test_papers_when_a_name_or_a_method_leads_to_them_then_none(readme):
    model = make_model(readme=readme, repository="acme/kettle-7b")
    assert (find_papers(model), find_paper_elsewhere(parse_readme(readme))) == ([], "")


def test_papers_when_the_name_is_the_models_own_then_found():
    readme = "See [KETTLE](https://arxiv.org/abs/2101.00001) for more."
    assert find_papers(make_model(readme=readme, repository="acme/kettle-7b")) == ["2101.00001"]
    readme = "Cite this model as:\n\n" + ENTRY % "Kettles that reason"
    assert find_papers(make_model(readme=readme)) == ["2101.00001"]


def test_papers_when_the_card_calls_one_the_original_then_its_entry_is_no_own():
    readme = "Settings of the [original Tea paper](https://arxiv.org/abs/2101.00001).\n\n"
    model = make_model(readme=readme + ENTRY % "Tea: kettles that listen")
    assert find_papers(model) == []


@pytest.mark.parametrize(
    ("readme", "papers"),
    [
        ("- Kettles that listen: https://arxiv.org/abs/2101.00001", []),
        ("## Citation\n\nKettles that listen: https://arxiv.org/abs/2101.00001", ["2101.00001"]),
        (ENTRY % "Kettles that listen", ["2101.00001"]),
        ("See our paper: https://arxiv.org/abs/2101.00001", ["2101.00001"]),
    ],
)
def test_papers_when_a_derived_model_only_lists_one_then_it_is_the_architectures(readme, papers):
    card = {"base_model": "acme/kettle"}
    assert find_papers(make_model(readme=readme, card=card)) == papers
    assert find_papers(make_model(readme=readme)) == ["2101.00001"]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("PyTorch code of *Gait of kettles* (https://doi.org/10.1/2).", True),
        ("PyTorch code for the data set of *Kettles* (https://doi.org/10.1/2).", False),
        ("[Paper (J. Tea 2024)](https://doi.org/10.1/2) - [Code](https://a.example)", True),
        ("- Cups ([paper](https://doi.org/10.1/2))", False),
        ("See *Gait of kettles* (https://doi.org/10.1/2).", False),
    ],
)
def test_paper_when_the_code_is_that_of_a_paper_then_the_models(words, is_found):
    assert bool(find_paper_elsewhere(parse_readme(words))) is is_found


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("[![arXiv](https://tea.example/a.svg)](https://arxiv.org/abs/2101.00001)\n\nText.", True),
        ("# Robot\n\n[arXiv](https://arxiv.org/abs/2101.00001) | [Demo](https://x.example)", True),
        ("- **Paper [optional]:** https://arxiv.org/abs/2101.00001", True),
        ("Attention as in arXiv:2101.00001.", False),
        ("## Notes\n\n[arXiv](https://arxiv.org/abs/2101.00001)", False),
    ],
)
def test_papers_when_a_derived_model_shows_a_badge_then_its_own(readme, expected):
    found = find_papers(make_model(readme=readme, card={"base_model": "acme/kettle"}))
    assert found == ["2101.00001"] * expected
