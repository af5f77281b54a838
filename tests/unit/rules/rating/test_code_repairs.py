"""What has to be repaired in a card's code, and what needs no repair."""

import pytest

from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.readme import CodeBlock
from tests.unit.rules.rating.test_demonstration import LOAD, judged


@pytest.mark.parametrize(
    "call",
    [
        "model.draw('a cup').save('my_cup.png')",
        "model.to_csv('path/to/cups.csv')",
        "export(model, path='your_model.onnx')",
        "target = 'my_cups'\nmodel.save_pretrained(target)",
    ],
)
def test_code_when_a_gap_says_only_where_something_is_saved_then_complete(call):
    text = f"def export(model, path): ...\n{LOAD}{call}"
    assert judged(text).score == 1.0


def test_code_when_a_gap_is_read_as_well_then_to_be_filled_in():
    found = judged(LOAD + "model.look('my_cup').save('my_picture.png')")
    assert found.score == 0.5
    assert found.repairs == ("my_cup has to be filled in",)


@pytest.mark.parametrize(
    ("paths", "score"), [(["kettle_small.pkl"], 0.5), (["w/kettle_small.pkl"], 0.5), ([], 0.0)]
)
def test_code_when_quotes_lack_around_a_file_of_the_model_then_one_repair(paths, score):
    found = judged("import joblib\nkettle = joblib.load(kettle_small.pkl)", paths=paths)
    assert found.score == score
    assert found.repairs[:1] == ("kettle_small is not defined",)


@pytest.mark.parametrize(("folder", "score"), [("ag-2024/m.pkl", 0.5), ("other/m.pkl", 0.0)])
def test_code_when_it_loads_a_folder_of_the_model_then_it_loads_the_model(folder, score):
    text = "import tea\npots = tea.load('Models/ag-2024')\npots.pour(cup)"
    assert judged(text, paths=[folder]).score == score


@pytest.mark.parametrize(
    ("call", "score"),
    [
        ("read('tea.cif')", 0.5),
        ("Pot.from_file('pot.vasp')", 0.5),
        ("pd.read_excel('cups.xlsx')", 0.5),
        ("read('here.cif')", 1.0),
        ("read(1)", 1.0),
        ("reader.read('utf8')", 1.0),
    ],
)
def test_code_when_it_reads_a_file_that_is_not_there_then_a_repair(call, score):
    text = f"from tea import read, Pot, reader\nimport pandas as pd\n{LOAD}model.look({call})"
    assert judged(text, paths=["here.cif"]).score == score


@pytest.mark.parametrize(
    ("line", "score"),
    [
        ("pot = Pot.from_pretrained(f'acme/pot-{SIZE}')", 0.5),
        ("pot = Pot.from_pretrained('acme/pot-large')", 1.0),
        ("pot = Pot.from_pretrained('other/bert')\ncup = pots.load()", 1.0),
        ("pot = pots.load()", 1.0),
    ],
)
def test_code_when_the_own_library_is_told_to_load_a_sibling_then_it_is_not_this_model(line, score):
    code = f"import pots\nfrom pots import Pot\nSIZE = 'small'\n{line}\nprint(Pot, pots)"
    block = CodeBlock("python", code, "Use")
    found = judge_blocks(
        [block], repository="acme/pot-large", library="", paths=(), code="acme/pots"
    )
    assert found.score == score


def test_code_when_a_path_is_left_to_fill_in_then_all_of_it_is_named():
    block = CodeBlock(
        "python", "import pots\npots.load('acme/pot')\npots.hear('path_to_a.wav')", ""
    )
    found = judge_blocks([block], repository="acme/pot", library="", paths=())
    assert found.repairs[0] == "path_to_a.wav has to be filled in"
