"""Ramp-up time: low, middle and high cards, and none."""

import pytest

from artifacts.rules.rating.metrics.ramp_up_time import METRIC, own_words
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import CARD, EXAMPLE, listed, make_evidence, make_model

TEMPLATE = """# Model Card for Model ID

<!-- Provide a quick summary of what the model is/does. -->

This is the model card of a transformers model that has been pushed on the Hub. This model card
has been automatically generated.

- **Developed by:** [More Information Needed]

## Uses

[More Information Needed]

### Recommendations

Users (both direct and downstream) should be made aware of the risks, biases and limitations of the
model. More information needed for further recommendations.
"""


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [
        pytest.param(make_model(), 0.0, 0.0, id="no card, no files"),
        pytest.param(make_model(readme=TEMPLATE), 0.0, 0.1, id="a template that nobody filled in"),
        pytest.param(
            make_model(
                readme=TEMPLATE, library="transformers", task="fill-mask",
                files=listed({"config.json": 500}),
            ),
            0.2, 0.35, id="a template, and a library that loads the files",
        ),
        pytest.param(make_model(readme=EXAMPLE), 0.3, 0.45, id="nothing but code"),
        pytest.param(
            make_model(readme=CARD.replace(EXAMPLE, "Ask it.")), 0.4, 0.65, id="words without code"
        ),
        pytest.param(make_model(readme=CARD), 0.55, 0.75, id="a card without an interface"),
        pytest.param(
            make_model(
                readme=CARD * 3, library="transformers", task="fill-mask",
                files=listed({"config.json": 500}),
            ),
            0.85, 1.0, id="everything",
        ),
    ],
)  # fmt: skip
def test_ramp_up_time_when_judged_then_within_its_band(model, low, high):
    result = METRIC.judge(make_evidence(model))
    assert result.score is not None
    assert low <= result.score <= high
    assert result.reason


def test_own_words_when_a_template_is_left_alone_then_hardly_any():
    assert own_words(parse_readme(TEMPLATE)) < 10


def test_example_when_the_only_code_is_a_citation_then_it_is_none():
    citation = "```bibtex\n@article{tea, title={Tea}}\n```\n"
    result = METRIC.judge(make_evidence(make_model(readme=citation)))
    assert result.facts["example"] == 0.0


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("python\nimport tea", True),
        ("\ntea = brew('cup')", True),
        ("\n$ ollama run tea", True),
        ("\nbrew(cup)", True),
        ("\ntea0 --weights=pot.pb.gz --backend=cup", True),
        ('json\n{"cup": 1}', False),
        ("\nepoch 1: accuracy 0.9", False),
        ("\n<|user|>\nTea, please.<|end|>", False),
        ("text\nModel   F1\nours    90", False),
        ("\nrobot/\n  config.json", False),
    ],
)  # fmt: skip
def test_example_when_a_block_is_no_program_then_nothing_to_start_from(block, found):
    result = METRIC.judge(make_evidence(make_model(readme=f"```{block}\n```\n")))
    assert bool(result.facts["example"]) is found
    assert ("with code to start from" in result.reason) is found


@pytest.mark.parametrize("command", ["pip install tea", "hf download acme/robot cup.gguf"])
def test_example_when_commands_only_install_or_fetch_then_half_and_said(command):
    result = METRIC.judge(make_evidence(make_model(readme=f"```bash\n{command}\n```\n")))
    assert result.facts["example"] == 0.5
    assert "only install something or fetch" in result.reason


def test_words_when_a_template_asks_for_recommendations_then_none():
    assert own_words(parse_readme("More information needed for further recommendations.")) == 0


def test_ramp_up_time_when_judged_then_cites_words_code_and_file():
    model = make_model(readme=CARD, files=listed({"config.json": 9}), page_url="https://hf.co/a/b")
    found = METRIC.judge(make_evidence(model)).citations
    assert "serves tea" in found[0].quote
    assert "pipeline" in found[1].quote
    assert found[2].path == "config.json"


@pytest.mark.parametrize(
    ("readme", "topics"),
    [
        ("# Cups trained with tea\n\nA robot that brings a cup to each of its many guests.",
         ["description"]),
        ("# Cups\n\n## Usage\n\n### In a kitchen\n\nPut it near the stove, fill it, and wait.",
         ["use"]),
        ("## Install and run\n\nPut it near the stove, fill it, and wait a little.", ["use"]),
        ("## Demo\n\nPut it near the stove, fill it, and wait a little while.", ["use"]),
        ("## Known problems\n\nIt spills on stairs, and hot oil makes it very slow.", ["limits"]),
        ("## Usage (in kitchens)\n\nPut it near the stove, fill it, and wait a little while.",
         ["use"]),
    ],
)  # fmt: skip
def test_topics_when_a_title_names_the_model_then_it_only_describes_it(readme, topics):
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert result.facts["topics"] == topics


@pytest.mark.parametrize(
    "path",
    [
        "gliner_config.json",
        "cups.nemo",
        "a/saved_model.pb",
        "cups.tflite",
        "cups.onnx",
        "cups.dduf",
        "cups.gguf",
    ],
)
def test_interface_when_the_format_holds_the_architecture_then_complete(path):
    result = METRIC.judge(make_evidence(make_model(files=listed({path: 9}))))
    assert result.facts["interface"]["configuration"]


def test_card_when_a_template_leaves_all_to_do_then_no_code_and_no_topics():
    readme = (
        "# Cups LoRA\n\n## How to use\n\n```python\n# TODO: add a snippet\n```\n\n"
        "## Limits\n\n[TODO: provide examples of issues and what one can do about them]\n"
    )
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert "without a block of code to start from" in result.reason
    assert "limits" not in result.facts["topics"]


def test_card_when_there_is_none_then_that_is_said():
    reason = METRIC.judge(make_evidence(make_model(files=listed({"best.pt": 9})))).reason
    assert reason == "There is no card. For a library there is nothing to go by."


def test_words_when_a_training_loop_wrote_them_then_not_counted():
    written = (
        "This model is a fine-tuned version of [tea](https://a.example/tea) on the cups dataset.\n"
        "It achieves the following results on the evaluation set:\n\n"
        "## Model description\n\nMore information needed\n\n## Training\n\n"
        "The following hyperparameters were used during training:\n"
    )
    assert own_words(parse_readme(written)) == 0


def test_words_when_they_ask_the_owner_to_fill_in_the_card_then_not_counted():
    left = (
        "# Amazing!\n\nCongratulations on hosting your fastai model on the Hugging Face Hub!\n\n"
        "1. Fill out this model card with more information (see the template below and the "
        "[documentation here](https://a.example/cards))!\n\n"
        "2. Create a demo in Gradio or Streamlit using Spaces "
        "([documentation here](https://a.example/spaces)).\n\n"
        "3. Join the fastai community on the [Fastai Discord](https://a.example/chat)!\n\n"
        "Greetings fellow fastlearner! Don't forget to delete this content from your model card."
    )
    result = METRIC.judge(make_evidence(make_model(readme=left)))
    assert result.facts["words"] == 0
    assert result.facts["topics"] == []


def test_words_when_a_list_only_has_keys_and_numbers_then_none():
    readme = "- Loss: 0.2913\n- Mean Iou: 0.7124\n- learning_rate: 6e-05\n\n| 1.0 | 20 | 0.3 |\n"
    assert own_words(parse_readme(readme)) == 0
    assert own_words(parse_readme("It serves 12 cups of tea: 3 at once.")) == 9


@pytest.mark.parametrize(
    ("readme", "example"),
    [
        ("## Usage\n\nFor kitchens, and for all who like tea in the morning.", 0.5),
        ("### Resume the training\n\n```bash\ntea-learn <file> --resume\n```", 0.5),
        ("### Watch it\n\n```bash\ntea-pour --cup 1\n```", 1.0),
    ],
)
def test_example_when_nothing_tells_how_to_use_it_then_none_or_half(readme, example):
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert result.facts["example"] == example


def test_topics_when_a_section_lists_settings_of_training_then_it_covers_training():
    settings = "- learning_rate: 5e-05\n- num_epochs: 3\n- seed: 42\n- batch_size: 8\n"
    readme = f"## Training hyperparameters\n\n{settings}"
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert (result.facts["topics"], result.facts["words"]) == (["training"], 0)
