"""Programs with their output, names put together from constants, and what cannot be told."""

import ast

import pytest

from artifacts.rules.rating.code_strings import BuiltStrings
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.readme import CodeBlock, parse_readme

LOAD = "from transformers import pipeline\nbrew = pipeline('text-generation', model='acme/robot')\n"
CALL = LOAD + "brew('Tea?')\n"


def judged(text: str, language: str = "python", **changes):
    values = {"repository": "acme/robot", "library": "transformers", "paths": ()} | changes
    return judge_blocks([CodeBlock(language, text, "Use")], **values)


@pytest.mark.parametrize(
    "output",
    [
        ">>> [{'text': 'yes'}]",
        "=> [{'text': 'yes'}]",
        "-> yes, please",
        "Out[1]: 'yes'",
        "Yes, please, with milk.",
        "tensor([[0.1, 0.9]])",
        "{'text': 'yes', 'scores': array([1, 2])}",
        "[{'text': 'yes',\n  and so on}]",
        "Prompt: Tea?\nAnswer: yes (with milk)",
    ],
)
def test_code_when_its_output_stands_below_then_a_repair_and_not_wrong(output):
    found = judged(CALL + output)
    assert found.score == 0.5
    assert found.repairs == ("the printed output has to be left out",)


@pytest.mark.parametrize(
    "text",
    [
        CALL + "# Output: yes, please",
        CALL + "# [{'text': 'yes'}]",
        ">>> " + CALL.strip().replace("\n", "\n>>> ") + "\n[{'text': 'yes'}]",
        "In [1]: " + CALL.strip().replace("\n", "\n   ...: ") + "\nOut[1]: 'yes'",
        "%pip install transformers\n!nvidia-smi\n" + CALL,
        "pip install transformers\ncd robot\n" + CALL,
    ],
    ids=["a comment", "a list in a comment", "a session", "cells", "a notebook", "shell lines"],
)
def test_code_when_it_can_be_copied_as_it_stands_then_one(text):
    assert judged(text).score == 1.0


def test_code_when_only_some_lines_have_prompts_then_they_are_to_be_left_out():
    found = judged(LOAD + ">>> brew('Tea?')\n")
    assert (found.score, found.repairs[:1]) == (0.5, ("the printed output has to be left out",))
    session = judged(LOAD.replace("brew =", ">>> brew ="))
    assert (session.score, session.repairs) == (0.5, ("the prompts have to be left out",))


@pytest.mark.parametrize(
    "text",
    ["def f(:", "model = AutoModel.from_pretrained('acme/robot'\nx = 1\nfor", "x = = 'acme/robot'"],
)
def test_code_when_it_is_broken_itself_then_no_output_excuses_it(text):
    assert judged(text).score == 0.0


@pytest.mark.parametrize(
    "name",
    [
        "name = 'robot'\nmodel = f'acme/{name}'",
        "owner, name = 'acme', 'robot'\nmodel = owner + '/' + name",
        "model = 'acme/{}'.format('robot')",
        "model = '%s/%s' % ('acme', 'robot')",
        "import os\nmodel = os.path.join('acme', 'robot')",
        "model = '/'.join(['acme', 'robot'])",
        "NAMES = {'a': 'kettle', 'b': 'robot'}\nmodel = f\"acme/{NAMES['b']}\"",
        "class Settings:\n    NAME = 'robot'\nmodel = 'acme/' + Settings.NAME",
        "for each in ['kettle', 'robot']:\n    model = f'acme/{each}'",
        "def choose(name='robot'):\n    return 'acme/' + name\nmodel = choose()",
        "model = 'acme/robot' if True else 'acme/kettle'",
        "if (name := 'robot'):\n    model = f'acme/{name}'",
        "SIZE = 'bot'\nmodel = f'acme/ro{SIZE}'",
    ],
)
def test_code_when_the_name_is_built_from_constants_then_it_loads_this_model(name):
    built = set(BuiltStrings(ast.parse(name)).find_all())
    assert "acme/robot" in built
    text = f"from transformers import pipeline\n{name}\nbrew = pipeline('fill-mask', model=model)\n"
    assert judged(text).score == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nfrom transformers import AutoModel\nAutoModel.from_pretrained(sys.argv[1])",
        "from transformers import pipeline\nbrew = pipeline('fill-mask', model=input())",
        "from transformers import AutoModel\nm = AutoModel.from_pretrained('./kettle')",
        "import os, timm\nd = os.environ['M']\ntimm.create_model(f'{d}/x')",
    ],
    ids=["an argument", "an input", "a folder", "the environment"],
)
def test_code_when_its_model_is_known_at_run_time_only_then_cannot_tell(text):
    found = judged(text)
    assert (found.score, found.repairs) == (0.5, ())
    assert found.doubts


def test_code_when_it_names_another_model_then_that_is_no_doubt():
    found = judged(CALL.replace("acme/robot", "other/kettle"))
    assert found.doubts == ()
    assert "it does not load this model" in found.repairs


@pytest.mark.parametrize(
    ("language", "text", "score", "doubt"),
    [
        ("js", "const brew = await pipeline('x', 'acme/robot');", 0.5, "JavaScript"),
        ("", "import { pipeline } from '@x/y';\npipeline('x', 'acme/robot')", 0.5, "JavaScript"),
        ("swift", 'load("acme/robot")', 0.5, "Swift"),
        ("js", "const brew = await pipeline('x', 'other/kettle');", 0.0, ""),
        ("bash", "python3 brew.py --model acme/robot", 0.5, "brew.py"),
        ("bash", "mlx_lm.generate --model acme/robot", 1.0, ""),
        ("bash", "hf download acme/robot", 0.0, ""),
        ("bash", "git clone https://huggingface.co/acme/robot", 0.0, ""),
    ],
)
def test_code_when_it_is_no_python_then_judged_or_not_told(language, text, score, doubt):
    found = judged(text, language)
    assert found.score == score
    assert doubt in " ".join(found.doubts)


def test_script_when_it_is_among_the_files_then_it_runs():
    assert judged("python brew.py -m acme/robot", "sh", paths=["brew.py"]).score == 1.0


def test_code_when_the_model_has_code_of_its_own_then_it_has_to_be_trusted():
    assert judged(CALL, needs_trust=True).score == 0.5
    trusting = CALL.replace("'acme/robot'", "'acme/robot', trust_remote_code=True")
    assert judged(trusting, needs_trust=True).score == 1.0


@pytest.mark.parametrize(
    "text",
    ["x = f'{a}' + " * 200 + "'b'", "x = " + "('a', " * 40 + ")" * 40, "x = 'a' * 10**9",
     "a = 'x'\n" + "a = a + a\n" * 60, "a = ('p', 'q')\nb = f'" + "{a}" * 30 + "'"],
    ids=["long sums", "deep tuples", "products", "doubling", "combinations"],
)  # fmt: skip
def test_built_strings_when_there_would_be_very_many_then_bounded(text):
    try:
        built = BuiltStrings(ast.parse(text))
    except SyntaxError:
        return
    assert all(len(each) <= 300 for each in built.find_all())


@pytest.mark.parametrize(
    ("card", "code"),
    [
        pytest.param("<pre><code>import a\n\nb = 1 &lt; 2\n</code></pre>", "b = 1 < 2", id="pre"),
        pytest.param("<code>import a<br>a.b()</code>", "import a\na.b()", id="breaks"),
        pytest.param("<div>\n<code>import a\n\na.b()</code>\n</div>", "a.b()", id="empty lines"),
        pytest.param("<pre lang='python'>\nimport <b>a</b>\nx</pre>", "import a\nx", id="tags"),
    ],
)
def test_readme_when_code_stands_in_html_then_a_block_and_no_words(card, code):
    readme = parse_readme(f"# Use\n\n{card}\n\nMore.")
    assert [block.section for block in readme.code_blocks] == ["Use"]
    assert code in readme.code_blocks[0].text


def test_readme_when_code_in_html_is_a_word_or_not_closed_then_words():
    readme = parse_readme("Type <code>brew</code> now.\n\n<div><code>open\n\n# Next\n\nWords.")
    assert readme.code_blocks == ()
    assert readme.sections[-1].text.strip() == "Words."
    assert parse_readme("Type `<pre>` here.\n\nWords.").code_blocks == ()


@pytest.mark.parametrize(
    "lines",
    [
        "with open('tea.wav', 'wb') as file:\n    file.write(brew('Tea?'))",
        "with open('tea.wav', mode='wb') as file:\n    file.write(brew('Tea?'))",
        "import librosa\nopen('tea.wav', 'wb').write(brew('Tea?'))\nlibrosa.load('tea.wav')",
        "import librosa, soundfile\nsoundfile.write('tea.wav', 1, 2)\nlibrosa.load('tea.wav')",
        "import librosa, soundfile\nsoundfile.write(file='tea.wav')\nlibrosa.load('tea.wav')",
        "import imageio\nimageio.mimsave('tea.mp4', brew('Tea?'))",
        "import imageio\nimageio.get_writer('tea.mp4').append_data(brew('Tea?'))",
        "import cv2\ncv2.VideoWriter('tea.mp4', 0, 24, (8, 8))",
        "import os\nif os.path.exists('tea.png'):\n    os.remove('tea.png')",
        "from pathlib import Path\nPath('tea.txt').open('w').write('tea')",
        "import wget\nwget.download('https://a.example', 'a/b.png')\nopen('a/b.png')",
    ],
)
def test_code_when_it_writes_or_fetches_a_file_then_it_is_not_lacking(lines):
    assert judged(LOAD + lines).repairs == ()


def test_code_when_it_reads_a_moving_picture_that_is_not_there_then_it_lacks():
    found = judged(LOAD + "import imageio\nimageio.mimread('tea.mp4')")
    assert found.repairs == ("tea.mp4 is not among the model's files",)


@pytest.mark.parametrize(
    "line",
    [
        "torch.save(brew.state_dict(), 'tea.pt')",
        "torch.onnx.export(brew, 'tea.onnx')",
        "export_to_video(brew)",
    ],
)
def test_code_when_what_it_loaded_is_saved_then_it_has_loaded_this_model(line):
    text = f"import torch\nfrom tea import export_to_video\n{LOAD}{line}"
    assert judged(text).score == 1.0


def test_code_when_it_saves_what_a_model_returns_at_once_then_it_has_loaded_this_model():
    image = "pipeline('tea', model='acme/robot')('cup').images[0]"
    text = f"from transformers import pipeline\nfrom tea import save_image\nsave_image({image})"
    assert judged(text).score == 1.0


@pytest.mark.parametrize(
    "place",
    ["'acme/robot'", "Path('acme') / 'robot'", "Path('robot')", "os.path.join('acme', 'robot')",
     "'acme/{}'.format('robot')", "str(Path('acme/robot'))", "f'acme/{\"robot\"}'"],
)  # fmt: skip
def test_code_when_the_name_is_only_a_place_to_save_then_it_loads_another_model(place):
    start = "import os\nfrom pathlib import Path\n" + LOAD.replace("acme/robot", "other/kettle")
    for line in (f"brew.save_pretrained({place})", f"place = {place}\nbrew.save_pretrained(place)"):
        assert not judged(start + line).loads_model
