"""More files and sizes that are known never lower a score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.rules.rating.ancestry import BaseSize
from artifacts.rules.rating.metrics import performance_claims, reproducibility, size_score
from tests.factories.evidence import listed, make_code, make_evidence, make_model
from tests.unit.rules.rating.test_properties import missing, readmes, trees

pytestmark = pytest.mark.slow

TABLES = st.lists(
    st.sampled_from(["robot", "pot-cups-9", "BERT", "ours", "GPT-4", "baseline", "robot-mini"]),
    min_size=1, max_size=4, unique=True,
).map(lambda rows: "## Results\n\n| Model | F1 |\n|---|---|\n" + "".join(
    f"| {each} | 8{number}.5 |\n" for number, each in enumerate(rows)
))  # fmt: skip


@given(
    TABLES, st.sets(st.sampled_from(["pot-cups-9.pt", "x/robot-mini.onnx", "model.gguf", "a.py"]))
)
def test_performance_claims_when_files_are_added_then_not_worse(readme, names):
    scores = [
        performance_claims.METRIC.judge(
            make_evidence(make_model(readme=readme, files=listed(dict.fromkeys(each, 9))))
        ).score
        for each in ((), sorted(names))
    ]
    assert scores[0] <= scores[1]


CLONE = "```bash\ngit clone https://github.com/acme/tea\n```\n"
RUN = "```bash\npython run.py --model acme/robot --input cups/a.wav\n```\n"


@settings(max_examples=40)
@given(readmes, trees, st.sets(st.sampled_from(["run.py", "cups/a.wav", "train.py", "a.md"])))
def test_reproducibility_when_files_of_the_own_code_are_known_then_not_worse(readme, few, names):
    model = make_model(readme=f"{readme}\n```\n```\n{CLONE}\n{RUN}")
    more = listed(dict.fromkeys(sorted(names), 9))
    scores = [
        reproducibility.METRIC.judge(make_evidence(model, code=make_code(files=each))).score
        for each in (few, few + more)
    ]
    assert scores[0] <= scores[1]


@given(st.sampled_from(["acme/pot", "acme/pot-7b"]), st.none() | missing, st.integers(1, 10**11))
def test_size_when_that_of_the_base_becomes_known_then_a_score(base, before, size_bytes):
    files = listed({"adapter_model.safetensors": 90_000_000})
    model = make_model(files=files, card={"base_model": base})
    known = BaseSize(base, size_bytes, f"https://huggingface.co/{base}")
    first, second = (
        size_score.METRIC.judge(make_evidence(model, base_size=each)).score
        for each in (before, known)
    )
    assert second is not None
    assert (first is None) == (base == "acme/pot")
