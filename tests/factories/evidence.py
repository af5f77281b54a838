"""Evidence, composed."""

from typing import Any

from artifacts.rules.parts import classify_part
from artifacts.rules.rating.data_documentation import Documentation
from artifacts.rules.rating.evidence import (
    CodeFacts,
    CommitFacts,
    DatasetFacts,
    Evidence,
    FileFacts,
    Missing,
    ModelFacts,
    ReviewFacts,
)
from artifacts.rules.reading import Reading, ReadState

NOTHING = Missing("nothing is known.")
LATER = Missing("GitHub sleeps.", try_later=True)
FULL_DOCUMENTATION = Documentation(
    2_000,
    dict.fromkeys(("making", "structure", "cautions", "uses", "terms"), 200),
    "Ten thousand afternoons in kitchens.",
)
EXAMPLE = """```python
from transformers import pipeline

brew = pipeline("text-generation", model="acme/robot")
print(brew("Tea, please."))
```
"""
CARD = f"""# Robot

Robot serves tea in any household. It was built by Acme to hear what people ask for, to find the
kettle, and to bring a cup without spilling. It understands four languages and knows twelve kinds.

## Intended uses & limitations

Use it in kitchens. It is not made for stairs, for hot oil or for the care of small children at all.

## How to use

{EXAMPLE}

## Training data

It was trained on recordings of ten thousand afternoons in kitchens that were given with consent.

## Evaluation results

| Data set | Accuracy | F1 |
|---|---|---|
| kitchens | 91.2 | 88.0 |
| cafes | 85.5 | 80.1 |
"""


def files(**sizes_bytes: int) -> tuple[FileFacts, ...]:
    """Files by path; `__` stands for a dot, since these are names of arguments."""
    paths = {path.replace("__", "."): size for path, size in sizes_bytes.items()}
    return listed(paths)


def listed(sizes_bytes: dict[str, int]) -> tuple[FileFacts, ...]:
    return tuple(FileFacts(path, size, classify_part(path)) for path, size in sizes_bytes.items())


def make_model(**changes) -> ModelFacts:
    values = {"repository": "acme/robot", "origin": "huggingface_model"}
    return ModelFacts(**(values | changes))


def make_code(**changes) -> CodeFacts:
    values = {"repository": "acme/tea", "url": "https://github.com/acme/tea", "found_by": "readme"}
    return CodeFacts(**(values | changes))


def make_dataset(name: str = "acme/kitchens", **changes) -> DatasetFacts:
    url = f"https://huggingface.co/datasets/{name}"
    values: dict[str, Any] = {"repository": name, "url": url, "found_by": "card"}
    is_found = changes.pop("is_found", True)
    values["reading"] = Reading(ReadState.READ if is_found else ReadState.ABSENT)
    return DatasetFacts(**(values | changes))


def make_reviews(commits=10, reviewed=5, additions=100, reviewed_additions=50, **changes):
    values: dict[str, Any] = {"method": "all commits", "is_sample": False}
    return ReviewFacts(commits, reviewed, additions, reviewed_additions, **(values | changes))


def make_evidence(model: ModelFacts | None = None, **changes) -> Evidence:
    values = {"commits": NOTHING, "code": NOTHING, "datasets": NOTHING} | changes
    return Evidence(model=model or make_model(), **values)


def rich_evidence() -> Evidence:
    """A model about which there is nothing to complain."""
    code_files = listed(
        {"README.md": 9_000, "LICENSE": 1_000, "pyproject.toml": 900, "src/tea.py": 5_000,
         "src/train.py": 3_000, "tests/test_tea.py": 4_000, ".github/workflows/test.yml": 700,
         ".flake8": 50}
    )  # fmt: skip
    result = {"task": {}, "dataset": {}, "metrics": [{"type": "f1", "value": 88, "verified": True}]}
    model = make_model(
        readme=CARD,
        card={"model-index": [{"name": "robot", "results": [result] * 12}]},
        license="apache-2.0",
        library="transformers",
        task="text-generation",
        tags=("arxiv:2101.00001",),
        files=listed({"config.json": 900, "model.safetensors": 90_000_000}),
    )
    return make_evidence(
        model,
        commits=CommitFacts({"ada": 5, "bob": 4}),
        code=make_code(
            license="MIT",
            contributors=tuple([9] * 20),
            files=code_files,
            stars=20_000,
            reviews=make_reviews(10, 10, 100, 100),
        ),
        datasets=(
            make_dataset(
                license="cc-by-4.0",
                card={"language": ["en"], "license": "x", "pretty_name": "K", "task_ids": ["a"],
                      "source_datasets": ["original"], "size_categories": ["1K<n<10K"]},
                size_bytes=10_000,
                examples=10_000,
                splits=("train", "test"),
                downloads=50_000,
                documentation=FULL_DOCUMENTATION,
                text_reading=Reading(ReadState.READ, "README.md"),
            ),
        ),
    )  # fmt: skip
