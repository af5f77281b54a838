"""Whose a code repository is: a link proves it only if the repository answers it."""

import pytest

from artifacts.rules.rating.links import CodeLink
from artifacts.rules.rating.ownership import (
    Claimant,
    RepositoryText,
    find_paper_ids,
    has_same_owner,
    prove_ownership,
)

HERE = CodeLink("lab/brew", "readme", "The code is in this repository.")
PAPER = frozenset({"2101.00001"})


def prove(repository="lab/brew", *, model="acme/robot", context="", papers=PAPER, **changes):
    """What shows that a repository is the model's own, under these words."""
    text = RepositoryText(
        repository, f"https://github.com/{repository}",
        readme_url=f"https://github.com/{repository}/blob/HEAD/README.md",
        **{key: changes[key] for key in ("description", "homepage", "readme") if key in changes},
    )  # fmt: skip
    link = CodeLink(repository, "readme", context or HERE.context)
    is_derived = changes.get("is_derived", False)
    return prove_ownership(Claimant(model, papers, is_derived=is_derived), link, text)


@pytest.mark.parametrize("owner", ["acme", "Acme", "ac-me", "AC.ME", "a_c_m_e"])
def test_same_owner_when_names_differ_by_case_and_hyphens_then_yes(owner):
    assert has_same_owner("acme/robot", f"{owner}/anything")


@pytest.mark.parametrize(
    ("model", "repository"),
    [("acme/robot", "acme-lab/robot"), ("robot", "robot"), ("-/x", "_/y"), ("acme/a", "acm/e")],
)
def test_same_owner_when_another_then_no(model, repository):
    assert not has_same_owner(model, repository)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"readme": "Weights: https://huggingface.co/acme/robot."}, id="its address"),
        pytest.param({"readme": 'load("Acme/Robot")'}, id="its id in code"),
        pytest.param({"readme": "[Acme](https://hf.co/acme)"}, id="its owner's page"),
        pytest.param({"readme": "https://huggingface.co/acme/robot-large"}, id="one beside it"),
        pytest.param({"description": "Code of acme/robot"}, id="the description"),
        pytest.param({"homepage": "https://huggingface.co/acme"}, id="the homepage"),
        pytest.param(
            {"readme": "hf.co/acme/robot", "context": "Paper, code, demonstration"},
            id="a bare link",
        ),
        pytest.param({"readme": "See arXiv:2101.00001"}, id="its paper"),
        pytest.param({"homepage": "https://arxiv.org/abs/2101.00001"}, id="its paper as homepage"),
    ],
)
def test_ownership_when_the_repository_names_the_model_too_then_proven(changes):
    proof = prove(**changes)
    assert proof is not None
    assert proof.url.startswith("https://github.com/lab/brew")
    assert proof.quote in next(iter(changes.values()))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="it says nothing"),
        pytest.param({"readme": "https://huggingface.co/other/robot"}, id="a namesake"),
        pytest.param({"readme": "Use robot by acme, or big-acme/robot."}, id="words like it"),
        pytest.param({"readme": "https://github.com/acme/robot"}, id="an address elsewhere"),
        pytest.param({"readme": "https://huggingface.co/datasets/acme/robot"}, id="a data set"),
        pytest.param({"readme": "https://nothuggingface.co/acme/robot"}, id="another host"),
        pytest.param({"readme": "arXiv:1910.09700", "papers": frozenset()}, id="no paper"),
        pytest.param({"readme": "arXiv:2202.00002"}, id="another paper"),
        pytest.param({"readme": "arXiv:2101.00001", "is_derived": True}, id="the base's paper"),
        pytest.param(
            {
                "readme": "brew serve acme/robot",
                "context": "Serve it with brew, an open source.",
            },
            id="a tool that shows it",
        ),
        pytest.param(
            {"readme": "https://hf.co/acme/robot", "context": "The page uses a widget: GitHub"},
            id="a widget that shows it",
        ),
        pytest.param(
            {"readme": "https://hf.co/acme/kettle", "context": "Scripts are on GitHub."},
            id="another model of its owner",
        ),
        pytest.param(
            {"readme": "arXiv:2101.00001", "context": "Converted from this repository."},
            id="a conversion",
        ),
        pytest.param(
            {"readme": "arXiv:2101.00001", "context": "The texts pass the tokenizer of brew."},
            id="a tool with a paper",
        ),
        pytest.param(
            {"readme": "arXiv:2101.00001 https://huggingface.co/lab/robot"},
            id="the paper of a namesake",
        ),
    ],
)
def test_ownership_when_nothing_answers_the_link_then_not_proven(changes):
    assert prove(**changes) is None


def test_ownership_when_both_have_a_name_in_common_then_the_paper_is_enough():
    context = "A link to lab/robot_net."
    assert prove("lab/robot_net", context=context, readme="arXiv:2101.00001")
    assert not prove("lab/brew_net", context=context, readme="arXiv:2101.00001")


def test_ownership_when_a_library_shows_a_model_then_it_is_not_that_models_code():
    shows = {"readme": "Try https://huggingface.co/acme/robot (arXiv:2101.00001)"}
    assert prove("huggingface/transformers", **shows) is None
    made_by = {"readme": "Built by https://huggingface.co/acme and friends"}
    assert prove("huggingface/transformers", **made_by)


def test_ownership_when_a_library_is_the_owners_by_its_name_then_the_model_it_shows_is_its_own():
    shows = {"readme": "Our models: https://huggingface.co/facebook/robot"}
    assert prove("facebookresearch/fairchem", model="facebook/robot", **shows)
    assert prove("facebookresearch/fairchem", model="acme/robot", **shows) is None


def test_ownership_when_the_owner_is_the_same_then_nothing_else_is_needed():
    assert prove("Acme/tools").reason == "Acme/tools has the same owner as the model"


def test_papers_when_named_in_any_form_then_found_without_the_templates():
    words = (
        "arXiv:2101.00001 https://arxiv.org/pdf/2202.00002v2 https://doi.org/10.1000/XYZ.5). "
        "https://aclanthology.org/2020.acl-main.7/ https://openreview.net/forum?id=AbC_1 "
        "arxiv.org/abs/1910.09700"
    )
    assert find_paper_ids(words) == {
        "2101.00001", "2202.00002", "10.1000/xyz.5", "2020.acl-main.7", "abc_1",
    }  # fmt: skip


def test_owner_when_its_name_begins_with_ours_then_the_paper_proves_it():
    found = prove(
        "acmeworks/brew", model="acmew/cup", context="Link to the original one.",
        readme="See arXiv:2101.00001",
    )  # fmt: skip
    assert found is not None


@pytest.mark.parametrize("owner", ["other", "acmewriters"])
def test_owner_when_it_only_resembles_ours_then_no_proof(owner):
    assert prove(f"{owner}/brew", model="acmew/cup", context="See it.", readme="Tea.") is None


@pytest.mark.parametrize(
    "context",
    ["This model is an implementation of Brew found here.", "Source model implementation"],
)
def test_code_when_the_model_was_made_out_of_it_then_not_its_own(context):
    assert prove("lab/robot", context=context, readme="See arXiv:2101.00001") is None


@pytest.mark.parametrize(
    ("context", "is_own"),
    [
        ("Robot, fine-tuned on Cups20k, first released in this repository.", True),
        ("A fine-tuned version of the robot in this repository.", False),
        ("Robot was fine-tuned from this repository.", False),
    ],
)
def test_paper_when_the_paragraph_tells_of_tuning_then_only_another_model_counts(context, is_own):
    assert (prove(context=context, readme="See arXiv:2101.00001") is not None) == is_own


@pytest.mark.parametrize(
    "context", ["Trained the same way as [brew](https://github.com/lab/brew)", "Similar to it:"]
)
def test_ownership_when_words_compare_with_another_then_a_paper_proves_nothing(context):
    assert prove(model="acme/brew-2", context=context, readme="arXiv:2101.00001") is None
