"""Embeds a sentence with real weights: from a folder, and by the registry. Both vectors are one."""

import logging

from asked import FACTS, check, empty_cache, equal, run

logging.disable(logging.CRITICAL)
SENTENCES = [
    "The registry keeps what a company has decided to trust.",
    "Wir lesen nur, was wir kennen.",
]
DIMENSIONS = 384


def embedded(place):
    """Return the mean of the last layer, of unit length, as the model's card has it."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(place)
    model = AutoModel.from_pretrained(place).eval()
    asked = tokenizer(SENTENCES, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = model(**asked).last_hidden_state
    mask = asked["attention_mask"].unsqueeze(-1)
    mean = (states * mask).sum(1) / mask.sum(1)
    return torch.nn.functional.normalize(mean, dim=1)


@check("a sentence's embedding by the registry is that of the folder")
def _():
    import torch

    with empty_cache():
        fetched = embedded(FACTS["id"])
    local = embedded(FACTS["folder"])
    equal(tuple(fetched.shape), (len(SENTENCES), DIMENSIONS))
    equal(torch.equal(fetched, local), True)
    # Neither is a vector of nothing: the two sentences differ, and each is like itself.
    equal(bool(fetched[0] @ fetched[1] < 0.9), True)


run()
