"""Drives transformers and datasets. Run by the environment that has them."""

import importlib.util
import logging
from itertools import islice
from pathlib import Path

import datasets
from asked import FACTS, Skipped, check, empty_cache, equal, error_of, run, withdraw
from huggingface_hub import snapshot_download
from transformers import AutoConfig, AutoTokenizer
from transformers.utils import cached_file

datasets.disable_progress_bars()
logging.disable(logging.CRITICAL)

MODEL = FACTS["model"]
SENTENCE = "hello a model is read by nobody"


def demand_torch():
    if importlib.util.find_spec("torch") is None:
        raise Skipped("no file of PyTorch for this machine was found; tokenizers alone were tried")


@check("transformers: AutoConfig and AutoTokenizer")
def _():
    with empty_cache():
        equal(AutoConfig.from_pretrained(MODEL["id"]).model_type, "bert")
        tokenizer = AutoTokenizer.from_pretrained(MODEL["id"])
        equal(tokenizer(SENTENCE)["input_ids"], [10, 5, 6, 7, 8, 9, 1])
    again = AutoTokenizer.from_pretrained(MODEL["id"], revision=MODEL["sha"])
    equal(again(SENTENCE)["input_ids"], [10, 5, 6, 7, 8, 9, 1])


@check("transformers: AutoModel computes with the weights that came")
def _():
    demand_torch()
    import torch
    from transformers import AutoModel

    with empty_cache():
        model = AutoModel.from_pretrained(MODEL["id"]).eval()
        local = AutoModel.from_pretrained(snapshot_download(MODEL["id"])).eval()
    asked = torch.tensor([[10, 5, 6]])
    with torch.no_grad():
        equal(torch.equal(model(asked).pooler_output, local(asked).pooler_output), True)


@check("transformers: an older revision")
def _():
    AutoConfig.from_pretrained(MODEL["id"], revision="r1")
    path = Path(cached_file(MODEL["id"], "config.json", revision="r1"))
    equal(path.parent.name, MODEL["older"])


@check("transformers: what is missing, and what is refused, says so")
def _():
    with empty_cache():
        missing = str(error_of(AutoConfig.from_pretrained, "acme/nope"))
        narrow = FACTS["tokens"]["narrow"]
        refused = error_of(AutoConfig.from_pretrained, MODEL["id"], token=narrow)
    equal("acme/nope" in missing, True)
    said = f"{refused} {refused.__cause__}"
    equal(("permission" in said, "internet connection" in said), (True, False))


@check("transformers: a withdrawn model stops also whoever has it in a cache")
def _():
    brief = FACTS["withdrawn"].pop()
    with empty_cache():
        AutoConfig.from_pretrained(brief["id"])
        AutoConfig.from_pretrained(brief["id"])
        withdraw(brief)
        error = error_of(AutoConfig.from_pretrained, brief["id"])
    equal(type(error).__name__, "OSError")


@check("datasets: load_dataset of lines, whole and streamed")
def _():
    talk = FACTS["dataset"]
    found = datasets.load_dataset(talk["id"])
    equal({name: len(each) for name, each in found.items()}, {"train": 40, "test": 7})
    streamed = datasets.load_dataset(talk["id"], split="train", streaming=True)
    equal(list(islice(streamed, 3)), [found["train"][each] for each in range(3)])


@check("datasets: load_dataset of columns, whole, streamed and of a revision")
def _():
    table = FACTS["columns"]
    found = datasets.load_dataset(table["id"], split="train")
    equal(found[11], {"id": 11, "text": "sentence 11"})
    streamed = datasets.load_dataset(table["id"], split="train", streaming=True)
    equal([each["id"] for each in streamed], list(range(12)))
    equal(len(datasets.load_dataset(table["id"], split="train", revision="r1")), 12)


@check("datasets: a missing data set says so")
def _():
    error = error_of(datasets.load_dataset, "acme/nope")
    equal(type(error).__name__, "DatasetNotFoundError")


run()
