"""Reading a card's code: complete, to be mended, useless, hostile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.rating.metrics.reproducibility import METRIC
from artifacts.rules.readme import CodeBlock
from tests.factories.evidence import make_evidence, make_model

LOAD = "from transformers import AutoModel\nmodel = AutoModel.from_pretrained('acme/robot')\n"


def judged(*texts: str, language: str = "python", paths=()):
    blocks = [CodeBlock(language, text, f"part {n}") for n, text in enumerate(texts)]
    return judge_blocks(blocks, repository="acme/robot", library="transformers", paths=paths)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((LOAD,), id="one block"),
        pytest.param((LOAD, "print(model.config)"), id="one of two is enough"),
        pytest.param(
            ("name = 'acme/robot'", "import timm\ntimm.create_model(name)"), id="in steps"
        ),
        pytest.param((">>> " + LOAD.replace("\n", "\n>>> ").rstrip("> "),), id="with prompts"),
        pytest.param(("!pip install transformers\n" + LOAD,), id="with a shell line"),
        pytest.param(("    " + LOAD.replace("\n", "\n    "),), id="indented as a whole"),
        pytest.param(("import timm\nm = timm.create_model('hf_hub:acme/robot')",), id="hub prefix"),
        pytest.param(("from a import b\nb('robot')",), id="the name without its owner"),
        pytest.param((LOAD + "print('<image> what is this?')",), id="a token of the model"),
        pytest.param(("x = 'acme/robot'\nimport a\na.load(x).save(x)",), id="saved as well"),
        pytest.param((LOAD + "print(model.say().replace('<NL>', ' '))",), id="a token replaced"),
        pytest.param((LOAD + "open('out.txt', 'w').write('tea')",), id="a file that it writes"),
    ],
)
def test_demonstration_when_complete_then_one(texts):
    assert judged(*texts).score == 1.0


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("model = AutoModel.from_pretrained('acme/robot')", "AutoModel is not defined"),
        (LOAD + "model.serve(cup)", "cup is not defined"),
        (LOAD + "model.login('YOUR_TOKEN')", "YOUR_TOKEN has to be filled in"),
        (LOAD + "model.look('<your image>')", "has to be filled in"),
        ("from tea import SentenceTransformer\nSentenceTransformer('a/b').look()", "not load this"),
        (LOAD + "model.look(...)", "... has to be filled in"),
        (LOAD + "open('cat.png')", "cat.png is not among the model's files"),
        (LOAD.replace("acme/robot", "other/one"), "does not load this model"),
        (LOAD.replace("acme/robot", "other/robot"), "does not load this model"),
        (LOAD.replace("acme/robot", "hf-hub:other/robot"), "does not load this model"),
        (LOAD + "print model", "print is a function"),
        (LOAD.replace("acme/robot", "a/b") + "model.save_pretrained('robot')", "not load this"),
        (LOAD.replace("acme/robot", "a/b") + "model.push_to_hub(repo_id='acme/robot')", "not load"),
        (
            "out = 'acme/robot'\n" + LOAD.replace("acme/robot", "a/b") + "model.save(out)",
            "does not load this model",
        ),
    ],
)
def test_demonstration_when_something_is_to_be_mended_then_half_and_what(text, repair):
    found = judged(text)
    assert found.score == 0.5
    assert any(repair in each for each in found.repairs)


@pytest.mark.parametrize(
    "texts",
    [(), ("this is no python at all, is it?",), ("import os\nprint(os.name)",), ("(" * 5_000,),
     ("x = " + "-" * 19_000 + "1",), ("\x00",), ("def f(:",), ("a" * 30_000,)],
    ids=["none", "prose", "another matter", "brackets", "signs", "nul", "broken", "too long"],
)  # fmt: skip
def test_demonstration_when_nothing_runs_a_model_then_zero(texts):
    assert judged(*texts).score == 0.0


def test_demonstration_when_a_file_is_in_the_repository_then_it_may_be_opened():
    assert judged(LOAD + "open('cat.png')", paths=["img/cat.png"]).score == 1.0


@pytest.mark.parametrize(
    ("text", "score"),
    [("ollama run hf.co/acme/robot", 1.0), ("vllm serve acme/robot", 1.0),
     ("vllm serve other/one", 0.0), ("pip install transformers", 0.0)],
)  # fmt: skip
def test_demonstration_when_it_is_a_command_then_it_has_to_run_this_model(text, score):
    assert judged(text, language="bash").score == score


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"import torch\ntorch.save(0x{'f' * 6_000})", id="a number of 7,000 digits"),
        pytest.param(r'x: "\ud800" = 1', id="half a pair as an annotation"),
        pytest.param(r'x: "\x00" = 1', id="NUL as an annotation"),
        pytest.param(f'x: "{"-" * 9_000}1" = 1', id="an annotation too deep for the parser"),
        pytest.param(f'x: "{"(" * 9_000}" = 1', id="an annotation of brackets"),
    ],
)
def test_demonstration_when_a_library_fails_on_the_code_then_it_does_not_run(text):
    assert not judged(text).runs


@given(st.lists(st.text(max_size=300), max_size=4))
def test_demonstration_when_the_text_is_anything_then_a_score(texts):
    assert judged(*texts).score in (0.0, 0.5, 1.0)


@given(st.lists(st.text(max_size=200), max_size=3))
def test_demonstration_when_a_complete_block_is_added_then_one(texts):
    assert judged(*texts, LOAD).score == 1.0


@pytest.mark.parametrize(
    ("readme", "score", "words"),
    [
        ("# Robot", 0.0, "No block of code"),
        (f"## Use\n\n```python\n{LOAD}```", 1.0, "complete"),
        (f"## Use\n\n```python\n{LOAD}serve(cup)\n```", 0.5, "after a repair"),
        ("## Use\n\n```python\nimport os\n```", 0.0, "does not run"),
    ],
    ids=["none", "complete", "repair", "no model"],
)
def test_reproducibility_when_judged_then_score_and_reason(readme, score, words):
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert result.score == score
    assert words in result.reason


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("acme.brew(<cup-of-tea>)", "<cup-of-tea>"),
        ("x = acme.brew(path=<your file>, n=2)", "<your file>"),
        ("acme.login('HF_TOKEN_GOES_HERE')", "HF_TOKEN_GOES_HERE"),
        ("acme.login('insert token here')", "insert token here"),
        ("torchaudio.load('samples/a.wav')", "samples/a.wav is not among"),
        ("librosa.load('a.wav', sr=16000)", "a.wav is not among"),
    ],
)
def test_demonstration_when_something_is_left_to_fill_in_then_that_is_said(text, gap):
    found = judged(f"import acme, torchaudio, librosa\n{LOAD}{text}")
    assert found.score == 0.5
    assert any(gap in each for each in found.repairs)


def test_demonstration_when_it_cannot_be_parsed_then_it_is_code_all_the_same():
    found = judged("import a\na.b((")
    assert (found.has_code, found.score) == (True, 0.0)


@pytest.mark.parametrize(
    ("repository", "paths", "text", "score"),
    [
        ("acme/Detect9", ["detect9n.pt"], "yolo predict model=detect9n.pt source=a.jpg", 1.0),
        ("acme/Detect9", ["detect9n.pt"], "yolo predict model=other.pt source=a.jpg", 0.0),
        ("zoo/ppo-Cart-v1", [], "python -m load_from_hub --algo ppo --env Cart-v1 -orga zoo", 1.0),
        ("zoo/ppo-Cart-v1", [], "python -m load_from_hub --algo a2c --env Cart-v1 -orga zoo", 0.0),
        ("chips/Tea-Net-v2", [], "python -m models.tea_net_v2.demo", 0.5),
        ("chips/Tea-Net-v2", [], "python -m models.cup_net_v2.demo", 0.0),
    ],
)
def test_command_when_it_names_the_model_by_parts_or_files_then_it_counts(
    repository, paths, text, score
):
    blocks = [CodeBlock("bash", text, "")]
    assert judge_blocks(blocks, repository=repository, library="", paths=paths).score == score


@pytest.mark.parametrize(
    ("package", "text", "score"),
    [
        ("tea-time", "from tea_time import Cup\nCup.load_model()", 1.0),
        ("tea.time", "import tea_time\ntea_time.pipeline('a')", 1.0),
        ("", "from tea_time import Cup\nCup.load_model()", 0.5),
        ("other", "from tea_time import Cup\nCup.load_model()", 0.5),
    ],
)
def test_code_when_it_uses_the_models_own_package_then_it_loads_the_model(package, text, score):
    block = CodeBlock("python", text, "")
    found = judge_blocks([block], repository="a/cup-9", library="", paths=(), code=package)
    assert found.score == score


@pytest.mark.parametrize(
    ("path", "is_own"),
    [("./cups-xl.safetensors", True), ("cups-xl.safetensors", True), ("model.safetensors", False)],
)
def test_code_when_it_loads_a_file_of_the_model_then_it_loads_the_model(path, is_own):
    text = (
        f"from diffusers import P\np = P.from_pretrained('b/base')\np.load_lora_weights('{path}')"
    )
    names = ["cups-xl.safetensors", "model.safetensors"]
    block = CodeBlock("python", text, "")
    found = judge_blocks([block], repository="a/cups", library="diffusers", paths=names)
    assert found.loads_model == is_own


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("import joblib\nm = joblib.load('model.joblib')", True),
        ("from acme import YOLO\nm = YOLO('best.pt')", True),
        ("from hub import get\nm = get('other/one', 'model.joblib')", False),
        ("import joblib\nm = joblib.load('absent.joblib')", False),
    ],
)
def test_code_when_it_loads_a_file_of_a_usual_name_then_no_other_model_may_be_named(text, loads):
    blocks = [CodeBlock("python", text, "")]
    found = judge_blocks(blocks, repository="a/b", library="", paths=["model.joblib", "best.pt"])
    assert found.loads_model == loads


def test_block_when_it_only_has_comments_then_no_code():
    assert not judged("# TODO: add an example of this pipeline").has_code


@pytest.mark.parametrize(
    ("call", "score"),
    [
        ("model.verify('samples/a/one.wav', 'samples/a/two.wav')", 0.5),
        ("model.look('pictures/cat.jpg')", 0.5),
        ("model.hear('https://tea.example/a/one.wav')", 1.0),
        ("model.save_audio('out/one.wav')", 1.0),
        ("model.look('assets/cup.png')", 1.0),
    ],
)
def test_demonstration_when_it_reads_recordings_that_are_not_there_then_to_be_repaired(call, score):
    assert judged(LOAD + call, paths=["assets/cup.png"]).score == score


@pytest.mark.parametrize(
    ("text", "paths", "score", "why"),
    [
        ("python see.py --model <path>", ["see.py"], 0.5, "<path> has to be filled in"),
        ("pour --model <path> --cup tea.onnx", [], 0.5, "<path> has to be filled in"),
        ("pour --model <path> --cup tea.onnx", ["tea.onnx"], 0.5, "<path> has to be filled in"),
        ("hf download acme/robot\npour --model <path>", [], 0.5, "<path> has to be filled in"),
        ("vllm serve acme/robot\npour --model <path>", [], 1.0, ""),
        ("pour --voice <voice> --model acme/robot", [], 0.5, "<voice> has to be filled in"),
        ("python -m <module>", [], 0.0, ""),
        ("python -m <module> --model <path>", [], 0.5, "<path> has to be filled in"),
    ],
)
def test_command_when_a_model_is_left_to_fill_in_then_that_is_the_repair(text, paths, score, why):
    found = judged(text, language="bash", paths=paths)
    assert (found.score, found.repairs) == (score, (why,) if why else ())


def test_command_when_a_gap_stands_in_a_section_on_training_then_it_is_no_demonstration():
    block = CodeBlock("bash", "pour --model <path>", "Training")
    assert not judge_blocks([block], repository="acme/robot", library="", paths=()).has_code


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("python see.py --model other/one", 0.5),
        ("python see.py --model other/one\npython see.py --model tea/last", 1.0),
        ("python see.py --model tea/last", 1.0),
        ("python see.py --model best", 1.0),
        ("python see.py --model acme/robot", 1.0),
    ],
)
def test_command_when_our_script_is_given_a_model_of_others_then_a_doubt(text, score):
    found = judged(text, language="bash", paths=["see.py", "tea/last/config.json"])
    assert found.score == score
    assert found.doubts == (() if score == 1.0 else ("it may load another model",))


@pytest.mark.parametrize(
    ("path", "loads"),
    [
        ("other/one/cups_xl_1.0.safetensors", False),
        ("https://huggingface.co/other/one/resolve/main/cups_xl_1.0.safetensors", False),
        ("hf://other/one/cups_xl_1.0.safetensors", False),
        ("https://huggingface.co/acme/robot/blob/main/cups_xl_1.0.safetensors", True),
        ("w/cups_xl_1.0.safetensors", True),
        ("./w/tea/cups_xl_1.0.safetensors", True),
        ("my_models/tea/cups_xl_1.0.safetensors", True),
        ("robot/tea/cups_xl_1.0.safetensors", True),
        ("tea/last/cups_xl_1.0.safetensors", True),
    ],
)
def test_code_when_a_file_lies_in_a_repository_of_others_then_it_loads_another(path, loads):
    paths = ["tea/last/cups_xl_1.0.safetensors"]
    assert judged(f"import a\na.load('{path}')", paths=paths).loads_model == loads


@pytest.mark.parametrize("text", ["/", "//", "hf://"])
def test_code_when_the_model_has_no_name_then_no_text_is_its_name_or_folder(text):
    block = CodeBlock("python", f"import a\na.walk('{text}')", "")
    found = judge_blocks([block], repository="", library="", paths=())
    assert (found.score, found.loads_model, found.doubts) == (0.0, False, ())
