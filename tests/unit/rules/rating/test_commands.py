"""Commands and code in languages that are not read: what runs the model, and what is lacking."""

import pytest

from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.readme import CodeBlock

LOAD = "from transformers import pipeline\npipe = pipeline('tea', model='acme/robot')\n"


def judged(text: str, *, language="bash", paths=(), package=""):
    return judge_blocks(
        [CodeBlock(language, text, "Use")],
        repository="acme/robot",
        library="transformers",
        paths=paths,
        package=package,
    )


@pytest.mark.parametrize(
    ("text", "paths", "package"),
    [
        pytest.param("echo tea | speak -m tea-low.onnx -f a.wav", ["tea-low.onnx"], "", id="piped"),
        pytest.param("./run --model=tea.gguf", ["tea.gguf"], "", id="a program of one's own"),
        pytest.param("draw --checkpoint acme/robot --steps 4", [], "", id="by its name"),
        pytest.param("$ tea-pot pour cup.tif", [], "tea_pot", id="the program of its package"),
        pytest.param(
            "python see.py --weights w/tea.pt --out a/b.png",
            ["see.py", "w/tea.pt"], "", id="what is written need not be there",
        ),
    ],
)  # fmt: skip
def test_command_when_it_names_the_model_then_it_runs(text, paths, package):
    assert judged(text, paths=paths, package=package).score == 1.0


@pytest.mark.parametrize(
    ("text", "paths", "repair"),
    [
        ("python see.py --image a/cup.jpg --weights tea.pt", ["see.py", "tea.pt"], "a/cup.jpg is"),
        ("tea-pot pour --weights w/tea.pth cup.tif", [], "w/tea.pth is not among"),
        ("python -m arm.record \\\n  --policy.path=<user>/<policy> \\\n  --n=2", [], "<user> has"),
    ],
)
def test_command_when_something_is_lacking_then_half_and_what(text, paths, repair):
    found = judged(text, paths=paths, package="tea_pot")
    assert found.score == 0.5
    assert any(repair in each for each in found.repairs)


@pytest.mark.parametrize(
    "text",
    [
        "mv tea.onnx models/", "cat tea.onnx | sha256sum", "tea-pot train --data cups",
        "arm train --policy.path=<user>/<policy>", "# run -m tea.onnx",
    ],
)  # fmt: skip
def test_command_when_it_only_moves_or_trains_then_it_is_none(text):
    assert judged(text, paths=["tea.onnx"], package="tea_pot").score == 0.0


def test_code_when_it_has_the_class_of_a_compiled_bundle_then_a_doubt():
    paths = ["TeaPotX4.mlpackage/Data/com.apple.CoreML/weights/weight.bin"]
    found = judged("let model = try TeaPotX4()", language="swift", paths=paths)
    assert (found.score, found.doubts) == (0.5, ("it is Swift, which is not read here",))


@pytest.mark.parametrize(
    ("line", "score"),
    [
        ("pipe('garden.flac')", 0.5),
        ("pipe('out.png')", 1.0),
        ("fetch('https://a.example/b', 'garden.flac')\npipe('garden.flac')", 1.0),
    ],
)
def test_code_when_a_model_is_called_with_a_file_that_is_not_there_then_it_lacks(line, score):
    code = LOAD + "from acme import fetch\n" + line
    assert judged(code, language="python").score == score


def test_code_when_it_loads_by_an_address_of_the_hub_then_it_loads_this_model():
    code = "import keras\nkeras.saving.load_model('hf://acme/robot')"
    assert judged(code, language="python").score == 1.0
