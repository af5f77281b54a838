"""The lists of globals, held against what real files load and what another scanner refuses."""

import pytest

from artifacts.enums import ScanVerdict
from artifacts.rules.scanning import allow_list, danger_list
from artifacts.rules.scanning.pickle_globals import judge_global
from tests.unit.rules.scanning.known_globals import HONEST, PICKLESCAN_UNSAFE

# picklescan refuses these whole modules, or these functions: here they are judged by their use.
JUDGED_BY_USE = {
    "builtins.getattr", "__builtin__.getattr", "functools.partial", "operator.itemgetter",
    "_operator.itemgetter", "uuid.*",
}  # fmt: skip


def judge(whole: str) -> ScanVerdict:
    module, _, name = whole.rpartition(".")
    return judge_global(module, "anything" if name == "*" else name)


@pytest.mark.parametrize("whole", HONEST)
def test_what_real_files_load_is_clean(whole):
    assert judge(whole) == ScanVerdict.CLEAN


@pytest.mark.parametrize("whole", sorted(set(PICKLESCAN_UNSAFE) - JUDGED_BY_USE))
def test_what_picklescan_calls_dangerous_is_dangerous(whole):
    assert judge(whole) == ScanVerdict.DANGEROUS


def test_nothing_is_allowed_and_dangerous_alike():
    clean = [name for name in allow_list.NAMES if judge(name) != ScanVerdict.CLEAN]
    assert not clean
    assert not allow_list.NAMES & danger_list.NAMES


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("sklearn.linear_model._base", "make_dataset"),
        ("torch.nn.modules.linear", "Linear.forward"),
        ("torch.nn.modules.linear", "os"),
        ("numpy", "ndarray.tofile"),
        ("uuid", "_get_command_stdout"),
    ],
)
def test_a_family_lends_its_name_to_classes_alone(module, name):
    assert judge_global(module, name) != ScanVerdict.CLEAN
