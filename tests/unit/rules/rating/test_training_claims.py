"""Who trains what on which data, according to a card's sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.rating.dataset_names import names_in_prose
from artifacts.rules.rating.training_claims import find_training_text
from artifacts.rules.readme import parse_readme

HUB = "https://huggingface.co/datasets"
REPOSITORY = "acme/robot-large"


def names(text: str) -> set[str]:
    return set(names_in_prose(parse_readme(text), REPOSITORY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Robot was pretrained on BookCorpus and on English Wikipedia.",
                     {"BookCorpus", "Wikipedia"}, id="the model's family by name"),
        pytest.param("# Tea-Maker 7\n\nTea-Maker was trained on the Kettle corpus.", {"Kettle"},
                     id="the model's name in the title"),
        pytest.param("Trained with care on the Cups dataset.", {"Cups"}, id="no subject"),
        pytest.param("It is a BERT model that was fine-tuned on the Cups dataset and evaluated on "
                     "NewsQA and the Saucers dataset.", {"Cups"}, id="up to the evaluation"),
        pytest.param("We then fine-tuned XLM-R on the Spoons corpus.", {"Spoons"}, id="we"),
        pytest.param("This model is a fine-tuned version of [x/y](https://huggingface.co/x/y) on "
                     "the tea_cups dataset.", {"tea_cups"}, id="a name in lower case"),
        pytest.param("COCO and Flickr30k were used to train the model.", {"COCO", "Flickr30k"},
                     id="the data as the subject"),
        pytest.param("We used the Kettle dataset to fine-tune the model.", {"Kettle"},
                     id="used to train"),
        pytest.param("The training data consist of the Kettle corpus and LAION-5B.",
                     {"Kettle", "LAION-5B"}, id="the training data are"),
        pytest.param("**Language:** English **Training data:** SQuAD 2.0 **Eval data:** COCO",
                     {"SQuAD 2.0"}, id="a key and its value"),
        pytest.param("Robot is trained by tuning a Llama on talks collected from ShareGPT.",
                     {"ShareGPT"}, id="trained by"),
        pytest.param("Robot was made by Tea Labs and fine\u2011tuned on the Cups dataset.",
                     {"Cups"},
                     id="a subject further ahead, and another hyphen"),
        pytest.param("The base model pretrained on 9 hours of Librispeech.", {"Librispeech"},
                     id="a phrase instead of a sentence"),
        pytest.param("We aligned it on the [tea/Cups_2](https://x.y) dataset.", {"tea/Cups_2"},
                     id="a name of the Hub"),
        pytest.param("Dataset: `acme/tea-cups`. Have fun.", {"acme/tea-cups"},
                     id="a name of the Hub behind a key"),
        pytest.param("## Data\n\nPictures from usual datasets such as [YFCC100M](https://x.y).",
                     {"YFCC100M"}, id="such as"),
        pytest.param("## Training data\n\nPictures (Tea et al. 2014) of COCO.", {"COCO"},
                     id="an abbreviation in the sentence"),
        pytest.param("## Data\n\nThe data (a set called X, see below; a data set named Teapots) "
                     "were not published.", {"Teapots"}, id="named in a section on data"),
        pytest.param("## Training\n\n### Procedure\n\nWe use the Kettle dataset for an hour.",
                     {"Kettle"}, id="used, in a section on training"),
    ],
)  # fmt: skip
def test_names_when_this_model_was_trained_on_data_then_those(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## SPOON: Pre-training Tiny Listeners\n\nIt is the best on SQuAD and COCO, "
                     "the code supports MNLI.", id="the title of a paper"),
        pytest.param("## Tuning it yourself\n\nTraining data: the Kettle dataset.",
                     id="instructions by their title"),
        pytest.param("## Fine-tuning\n\nThere is a script for tuning on UltraChat, and a notebook "
                     "that fine-tunes on Alpaca.", id="the data of example scripts"),
        pytest.param("# Robot\n\n## Models finetuned off Robot\n\n- Chat: built by finetuning on "
                     "the Kettle dataset, trained on COCO.", id="what was made from it"),
        pytest.param("# Robot\n\n## Derivatives\n\nOne was trained on the Kettle dataset.",
                     id="derivatives"),
        pytest.param("It can be fine-tuned on the Kettle dataset. You can train it on COCO.",
                     id="what readers can do"),
        pytest.param("To fine-tune on the Kettle dataset, run `train.py`.", id="how to"),
        pytest.param("CLIP was trained on LAION-2B, and GPT-2 was trained on the Webs corpus.",
                     id="other models by name"),
        pytest.param("## Finetuning\n\nAfter that, finetune it on MNLI. Take the MNLI-tuned one.",
                     id="imperative in a section on tuning"),
        pytest.param("GPT-2 was pretrained on the Webs corpus and tuned on the Cups dataset.",
                     id="another model as the subject further ahead"),
        pytest.param("The original model was trained on the Kettle corpus.", id="the original"),
        pytest.param("The Kettle corpus was used to train GPT-2.", id="used for another model"),
        pytest.param("GPT-2's training data consists of the Kettle corpus.", id="another's data"),
        pytest.param("Our model is better than models trained on the Kettle dataset.",
                     id="models in general"),
        pytest.param("When fine-tuned on COCO, it is better.", id="when"),
        pytest.param("The model was not trained on any part of Wikipedia.", id="denied"),
        pytest.param("## Training data\n\nAll pages of Wikipedia were removed.", id="removed"),
        pytest.param("Imagine a model trained on COCO.", id="supposed"),
        pytest.param("## Evaluation\n\n### Data\n\nThe Kettle dataset.", id="data of evaluation"),
        pytest.param("## Results\n\n### Training\n\nWe fine-tuned on COCO.", id="in results"),
        pytest.param("Trained on the None dataset.", id="None"),
        pytest.param("Trained on an unknown dataset.", id="unknown"),
        pytest.param("Trained on the Japanese dataset and the Swahili-English corpus.",
                     id="languages"),
        pytest.param("Trained on our New Custom Instruction Dataset dataset.", id="common words"),
    ],
)  # fmt: skip
def test_names_when_something_else_is_trained_or_done_then_none(text):
    assert names(text) == set()


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        pytest.param(f"Fine-tuned on [our talks]({HUB}/acme/talks).", "training", id="claimed"),
        pytest.param(f"Trained on the following data:\n- [A]({HUB}/acme/talks)\n- B", "training",
                     id="in the list after a claim"),
        pytest.param(f"## Training data\n\n| Data | Rows |\n|---|---|\n| [A]({HUB}/acme/talks) |"
                     "5 |", "training", id="in a table"),
        pytest.param(f"It is a DPO fine-tune of [B](https://x.y) using the [A]({HUB}/acme/talks) "
                     "preference dataset.", "training", id="a tune of something with it"),
        pytest.param(f"A LoRA finetune of B on [A]({HUB}/acme/talks).", "training",
                     id="a finetune on it"),
        pytest.param(f"Compared with:\n- [A]({HUB}/acme/talks)", "evaluation", id="another list"),
        pytest.param(f"# Robot for [A]({HUB}/acme/talks)", "evaluation", id="in a title"),
        pytest.param(f"Trained on COCO. Evaluated on [A]({HUB}/acme/talks).", "evaluation",
                     id="the other sentence"),
        pytest.param(f"You may tune it on [A]({HUB}/acme/talks).", "evaluation", id="a proposal"),
    ],
)  # fmt: skip
def test_links_when_words_around_them_tell_then_training_or_not(text, purpose):
    found = find_datasets({}, (), parse_readme(text), REPOSITORY)
    linked = {each.repository: each.purpose for each in found if each.url}
    assert linked == {"acme/talks": purpose}


@given(st.text(alphabet="trained on fine-tuned We use(d) to:;. \n#'COCOx", max_size=300))
def test_training_text_when_the_card_is_anything_then_it_never_raises(text):
    assert all(isinstance(each, str) for each in find_training_text(parse_readme(text)).values())


@pytest.mark.parametrize(
    "title", ["Models finetuned off Robot", "Fine-tuned models", "Derivatives"]
)
def test_links_when_what_was_made_from_the_model_has_them_then_none(title):
    readme = f"# Robot\n\nA base.\n\n## {title}\n\n- Trained on [A]({HUB}/acme/talks)."
    assert find_datasets({}, (), parse_readme(readme), REPOSITORY) == ()


@pytest.mark.parametrize("text", ["* dataset: opus", "Dataset: tea_logs", "Data set: `cups-v2`"])
def test_names_when_a_key_has_one_word_then_that_in_whatever_case(text):
    assert names(text) == {text.rpartition(" ")[2].strip("`")}


@pytest.mark.parametrize("text", ["Dataset: private", "* dataset: english", "dataset: see below"])
def test_names_when_a_key_has_no_name_then_none(text):
    assert names(text) == set()
