"""What the demonstration consists of: a dozen made-up artifacts, good ones and bad ones."""

from __future__ import annotations

import json
import struct
from typing import NamedTuple

from artifacts.enums import ArtifactType

_MIT = b"""MIT License

Copyright (c) 2026 The people of the demonstration

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
_GOOD_CARD = """---
license: mit
language: en
library_name: transformers
pipeline_tag: text-classification
datasets:
- demo/words
{parent}model-index:
- name: {name}
  results:
  - task: {{type: text-classification}}
    dataset: {{name: words, type: demo/words, split: test}}
    metrics:
    - {{type: accuracy, value: 0.91}}
    - {{type: f1, value: 0.9}}
---
# {name}

A model that tells polite sentences from rude ones. It is made up for looking around in the
registry.

## Installation

```sh
pip install transformers
```

## How to use

```python
from transformers import pipeline

classify = pipeline("text-classification", model="demo/{name}")
print(classify("Would you kindly pass the tea?"))
```

## Training data

Trained on [demo/words](https://huggingface.co/datasets/demo/words), 12,000 sentences, with the
code of [demo/parrot](https://github.com/demo/parrot).

## Evaluation

| Data set | Metric | Value |
| --- | --- | --- |
| demo/words, test | accuracy | 0.91 |
| demo/words, test | F1 | 0.90 |

## Limitations

It knows English alone, and no irony.
"""
_BARE_CARD = "# {name}\n\nSome weights.\n"
_CLOSED_CARD = """---
license: cc-by-nc-4.0
---
# {name}

For research alone. Evaluated on our own data: accuracy 0.8.
"""
_DATA_CARD = """---
license: mit
task_categories: [text-classification]
language: en
size_categories: 10K<n<100K
---
# {name}

## Data set structure

Sentences with a label each, `polite` or `rude`; 10,000 to train and 2,000 to test.

## Collection

Written by five people, each sentence labelled by three others.
"""
_CODE_CARD = (
    b"# parrot\n\nTrains the models of the demonstration.\n\n```sh\npip install .\npytest\n```\n"
)
_TRAINING = b'''"""Trains a model."""


def train(rows: list[str]) -> int:
    """Count rows."""
    return len(rows)
'''
_TEST = """from {name} import train


def test_train():
    assert train(["a"]) == 1
"""
_WORKFLOW = b"on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: pytest}]}}\n"
_WEIGHTS_BYTES = 400_000
_READS, _HEARS = "text-classification", "automatic-speech-recognition"


class Made(NamedTuple):
    """One artifact that a source has.

    Attributes:
        repository: its name at the source.
        facts: what the Hub says of it.
        is_out_of_order: whether its source does not answer now, so that it waits.
    """

    type: ArtifactType
    repository: str
    files: dict[str, bytes]
    facts: dict[str, object] = {}
    is_out_of_order: bool = False

    @property
    def name(self) -> str:
        """Return its name without its owner's."""
        return self.repository.rpartition("/")[2]

    @property
    def url(self) -> str:
        """Return the URL by which it is registered."""
        if self.type == ArtifactType.CODE:
            return f"https://github.com/{self.repository}"
        kind = "datasets/" if self.type == ArtifactType.DATASET else ""
        return f"https://huggingface.co/{kind}{self.repository}"


def _weights(seed: int) -> bytes:
    """Return weights that are valid and mean nothing."""
    data = bytes((seed + place) % 256 for place in range(256)) * (_WEIGHTS_BYTES // 256)
    tensor = {"dtype": "U8", "shape": [len(data)], "data_offsets": [0, len(data)]}
    header = json.dumps({"w": tensor}).encode()
    return struct.pack("<Q", len(header)) + header + data


def _model(name: str, card: str, seed: int, *, parent: str = "", likes: int = 0) -> Made:
    """Return a model."""
    line = f"base_model: demo/{parent}\n" if parent else ""
    config: dict[str, object] = {
        "model_type": "bert",
        "architectures": ["BertForSequenceClassification"],
    }
    if parent:
        config["_name_or_path"] = f"demo/{parent}"
    files = {
        "README.md": card.format(name=name, parent=line).encode(),
        "config.json": json.dumps(config).encode(),
        "model.safetensors": _weights(seed),
    }
    if "license: mit" in card:
        files["LICENSE"] = _MIT
    return Made(
        ArtifactType.MODEL, f"demo/{name}", files, {"likes": likes, "downloads": likes * 900}
    )


def _speech(card: str) -> str:
    """Return a card of what hears words, made of one of what reads them."""
    for read, heard in (
        (_READS, _HEARS), ("demo/words", "demo/songs"), ("license: mit", "license: apache-2.0"),
        ("that tells polite sentences from rude ones", "that writes down what somebody says"),
        ("Sentences with a label each, `polite` or `rude`", "Recordings, each with its words"),
    ):  # fmt: skip
        card = card.replace(read, heard)
    return card


def _data(name: str, *, card: str = _DATA_CARD) -> Made:
    """Return a data set."""
    rows = "".join(
        f"sentence {number},{'polite' if number % 2 else 'rude'}\n" for number in range(200)
    )
    files = {
        "README.md": card.format(name=name).encode(),
        "data/train.csv": f"text,label\n{rows}".encode(),
        "data/test.csv": f"text,label\n{rows[:2_000]}".encode(),
    }
    facts: dict[str, object] = {"likes": 40, "downloads": 20_000, "usedStorage": 400_000}
    if card is not _BARE_CARD:
        is_speech = _HEARS in card
        facts["cardData"] = {
            "license": "apache-2.0" if is_speech else "mit",
            "task_categories": [_HEARS if is_speech else _READS],
            "language": "en",
            "size_categories": "10K<n<100K",
        }
    return Made(ArtifactType.DATASET, f"demo/{name}", files, facts)


def _code(name: str) -> Made:
    """Return code."""
    files = {
        "README.md": _CODE_CARD,
        "LICENSE": _MIT,
        "pyproject.toml": f'[project]\nname = "{name}"\nversion = "1.0"\n'.encode(),
        f"src/{name}.py": _TRAINING,
        f"tests/test_{name}.py": _TEST.format(name=name).encode(),
        ".github/workflows/tests.yml": _WORKFLOW,
    }
    return Made(ArtifactType.CODE, f"demo/{name}", files)


# Parents and what a card names come first, as people would register them.
MADE: tuple[Made, ...] = (
    _code("parrot"),
    _code("teapot"),
    _data("words"),
    _data("songs", card=_speech(_DATA_CARD)),
    _data("scraps", card=_BARE_CARD),
    _model("parrot-base", _GOOD_CARD, 1, likes=900),
    _model("parrot-small", _GOOD_CARD, 2, parent="parrot-base", likes=300),
    _model("parrot-polite", _GOOD_CARD, 3, parent="parrot-small", likes=80),
    # Its data set is nowhere to be found, which leaves a question open.
    _model("parrot-in-doubt", _GOOD_CARD.replace("demo/words", "demo/whispers"), 8, likes=30),
    _model("parrot-listens", _speech(_GOOD_CARD), 9, likes=500),
    _model("closed-garden", _CLOSED_CARD, 4, likes=12),
    _model("bare-bones", _BARE_CARD, 5),
    _model("parrot-of-nobody", _BARE_CARD, 6, parent="parrot-base"),
    _model("late-riser", _GOOD_CARD, 7)._replace(is_out_of_order=True),
)
# What a source has of one of them later: other weights, and a card that tells what is new.
SECOND = _model(
    "parrot-polite",
    _GOOD_CARD + "\n## What is new\n\nTrained for twice as long, on the same sentences.\n",
    30, parent="parrot-small", likes=95,
)  # fmt: skip
# What somebody uploads, since no source has it.
HOME_GROWN = _model("home-grown", _GOOD_CARD, 40)
