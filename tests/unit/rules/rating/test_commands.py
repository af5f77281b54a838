"""Commands and code in languages that are not read: what runs the model, and what is lacking."""

import pytest

from artifacts.rules.rating.commands import find_training_script
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.readme import CodeBlock, parse_readme

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
        pytest.param("$ tea-pot pour cup.tif", ["cup.tif"], "tea_pot", id="its package"),
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
        ("tea-pot pour cup.wav tea.lc", [], "cup.wav is not among"),
        ("python main.py --mode test --ckpt w/tea.pth", ["main.py"], "w/tea.pth is not among"),
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


def test_code_when_it_opens_a_file_of_the_models_own_folder_then_it_loads_this_model():
    code = "import onnxruntime as ort\nort.InferenceSession('w/tea_r50.onnx')"
    assert judged(code, language="python", paths=["w/tea_r50.onnx"]).score == 1.0
    assert judged(code, language="python", paths=["w/cup_r50.onnx"]).score == 0.0


def test_code_when_it_loads_by_an_address_of_the_hub_then_it_loads_this_model():
    code = "import keras\nkeras.saving.load_model('hf://acme/robot')"
    assert judged(code, language="python").score == 1.0


def test_command_when_it_has_the_stem_of_a_file_of_weights_then_a_doubt():
    found = judged("python -m enjoy --exp tea_atari", paths=["tea_atari.cleanrl_model"])
    assert (found.score, len(found.doubts)) == (0.5, 1)


def test_command_when_its_section_is_about_training_then_it_is_no_demonstration():
    text = "curl -O https://a.example/acme/robot/main.py\npython main.py --seed 2"
    block = CodeBlock("bash", text, "Command to reproduce the training")
    found = judge_blocks([block], repository="acme/robot", library="", paths=["main.py"])
    assert not found.has_code


@pytest.mark.parametrize(
    "folder", ["./robot", "/models/Robot/", "../robot"], ids=["here", "elsewhere", "above"]
)
def test_code_when_it_loads_a_folder_of_the_models_name_then_a_doubt(folder):
    code = f"from acme import Reader\nReader(model_dir='{folder}')"
    found = judged(code, language="python")
    assert (found.score, found.doubts) == (0.5, ("it loads a model out of a folder",))


@pytest.mark.parametrize(
    ("readme", "script"),
    [
        ("## Reproduce the training\n\n```\npython a/main.py --seed 2\n```", "a/main.py"),
        ("## Start\n\n```\npython main.py --mode train\n```", "a/main.py"),
        ("## Start\n\n```\npython main.py --mode test\n```", ""),
        ("## Training\n\n```\npython other.py\n```", ""),
        ("## Use the trained model\n\n```\npython main.py\n```", ""),
    ],
)
def test_training_script_when_commands_start_it_then_that_file(readme, script):
    assert find_training_script(parse_readme(readme), ["a/main.py", "b.py"]) == script
