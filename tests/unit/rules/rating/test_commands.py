"""Commands and code in languages that are not read: what runs the model, and what is lacking."""

import pytest

from artifacts.rules.rating.command_files import clones, find_lacking
from artifacts.rules.rating.commands import (
    find_models,
    find_training_script,
    list_commands,
    may_be_named,
)
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.rating.examples import shows_use
from artifacts.rules.readme import CodeBlock, parse_readme

LOAD = "from transformers import pipeline\npipe = pipeline('tea', model='acme/robot')\n"


def judged(text: str, *, language="bash", paths=(), package=""):
    return judge_blocks(
        [CodeBlock(language, text, "Use")],
        repository="acme/robot",
        library="transformers",
        paths=paths,
        code=package,
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
        ("python -m tea_pot --model acme/robot --audio cup.wav", [], "cup.wav is not among"),
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
        ("## Start\n\n```\npython main.py --split train --data train/a\n```", ""),
        ("## Start\n\n```\npython main.py train --seed 2\n```", "a/main.py"),
        ("## Start\n\n```\npython main.py --do_train --seed 2\n```", "a/main.py"),
    ],
)
def test_training_script_when_commands_start_it_then_that_file(readme, script):
    assert find_training_script(parse_readme(readme), ["a/main.py", "b.py"]) == script


@pytest.mark.parametrize(
    "before",
    [
        "wget https://a.example/b/cup.wav?raw=true", "curl -L https://a.example/b -o w/cup.wav",
        "mv a.wav cup.wav", "speak --output_file cup.wav", "speak hello > cup.wav",
        "sudo cp /a/cup.wav .",
    ],
)  # fmt: skip
def test_command_when_another_fetches_or_writes_its_recording_then_nothing_is_lacking(before):
    assert find_lacking(f"{before}\ntea-pot pour cup.wav", ()) == []


@pytest.mark.parametrize(
    "before",
    ["tea-pot pour cup.wav", "wget https://a.example/jar.wav", "speak -m <voice> cup.wav"],
    ids=["read twice", "another", "behind a gap"],
)
def test_command_when_nothing_fetches_its_recording_then_it_is_lacking(before):
    assert find_lacking(f"{before}\ntea-pot pour cup.wav", ()) == ["cup.wav"]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("draw --checkpoint acme/bert-finetuned-squad", "acme/bert-finetuned-squad"),
        ("see --weights runs/train/exp/best.pt", "runs/train/exp/best.pt"),
        ("python see.py -m tea-train.onnx", "tea-train.onnx"),
        ("docker run --rm acme/pot --model <path>", "<path>"),
        ("A=train python see.py --split train --model a/b", "a/b"),
    ],
)
def test_command_when_a_value_only_sounds_like_training_then_it_runs_a_model(text, model):
    assert find_models(text) == [model]


@pytest.mark.parametrize(
    "command",
    [
        "python fine-tune.py", "A=1 python -m acme.train", "arm train", "detect cup train",
        "python main.py --phase=train", "torchrun -m train_cups", "bash -x train.sh",
        "accelerate launch --multi_gpu train.py", "tea.lora --train", "uv run convert.py",
    ],
)  # fmt: skip
def test_command_when_its_names_say_that_it_trains_then_it_runs_no_model(command):
    assert find_models(f"{command} --model a/b") == []


@pytest.mark.parametrize(
    ("file", "may_be"),
    [("pytorch_model.bin", False), ("diffusion_pytorch_model.fp16.bin", False),
     ("adapter_model.bin", False), ("checkpoint.pt", False), ("teapot_xl.bin", True)],
)  # fmt: skip
def test_command_when_it_has_the_stem_of_weights_of_every_repository_then_it_names_no_model(
    file, may_be
):
    text = f"enjoy --exp {file.partition('.')[0]}"
    assert may_be_named(text, "acme/robot", [file]) is may_be


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("docker pull a/b", ""), ("docker run a/b", "docker run a/b"), ("uv pip install b", ""),
        ("% uv run a.py", "uv run a.py"), ("! tar xf a.tar", ""), ("source bin/activate", ""),
        ("$ sudo python3 -m pip install b", ""), ("cd a && python b.py", "python b.py"),
        ("wget https://a.example/b", ""), ("// brew", ""),
        ("docker model pull a/b", ""), ("docker model run a/b", "docker model run a/b"),
    ],
)  # fmt: skip
def test_command_when_it_moves_fetches_or_installs_then_it_is_no_use_anywhere(line, runs):
    assert [each.strip() for each in list_commands(line)] == ([runs] if runs else [])
    assert shows_use(parse_readme(f"## Start\n\n```bash\n{line}\n```")) is bool(runs)


@pytest.mark.parametrize(
    ("text", "paths", "score"),
    [
        ("cd pots/tts1\n./run.sh --skip_train true --download_model acme/robot", [], 1.0),
        ("python -m pots.bundle run --config_file configs/pour.json", ["configs/pour.json"], 1.0),
        ("python -m pots.bundle run --config_file configs/train.json", ["configs/pour.json"], 0.0),
        ("python -m pots.train --config configs/pour.json", ["configs/pour.json"], 0.0),
    ],
)
def test_command_when_given_the_models_name_or_configuration_then_it_runs(text, paths, score):
    assert judged(text, paths=paths).score == score


def test_command_when_it_predicts_after_an_archive_of_ours_was_installed_then_it_runs():
    text = "tea_install_from_zip pots.zip\ntea_predict -i in -o out -d 808"
    assert judged(text, paths=["pots.zip"]).score == 1.0
    assert judged(text, paths=["w.pth"]).score == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git clone https://github.com/acme/tea.git", True),
        ("$ git clone --depth 1 git@github.com:acme/tea.git cups && cd cups", True),
        ("git clone https://github.com/Acme/Tea", True),
        ("git clone https://github.com/acme/teapot", False),
        ("git clone https://github.com/other/tea", False),
        ("pip install git+https://github.com/acme/tea", False),
    ],
)
def test_clone_when_of_the_repository_then_its_files_are_there(text, expected):
    assert clones(text, "acme/tea") == expected


def test_demonstration_when_it_runs_a_file_of_the_cloned_code_then_complete():
    clone = "git clone https://github.com/acme/tea\n"
    run = "cd tea && python tools/pour.py --model acme/robot --config configs/hot.yaml\n"
    blocks = [CodeBlock("bash", each, "Use") for each in (clone, run)]
    files = ["tools/pour.py", "configs/hot.yaml"]

    def score(blocks, code="", code_paths=()) -> float:
        found = judge_blocks(
            blocks, repository="acme/robot", library="", paths=["README.md"], code=code,
            code_paths=code_paths,
        )  # fmt: skip
        return found.score

    assert score(blocks, "acme/tea", files) == 1.0
    assert score(blocks, "acme/tea", ["setup.py"]) == 0.5
    assert score(blocks[1:], "acme/tea", files) == 0.5
    assert score(blocks) == 0.5
