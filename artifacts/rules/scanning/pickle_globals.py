"""Judging a global that a pickle loads, by its name alone."""

from __future__ import annotations

from artifacts.enums import ScanVerdict
from artifacts.rules.scanning import allow_list, danger_list


def judge_global(module: str, name: str) -> ScanVerdict:
    """Return `clean` for a global of the allow-list, else how bad it is.

    Protocol 4 follows dots in the name, so that `torch` with `serialization.os.system` is
    `os.system`: each step is judged.
    """
    whole = f"{module}.{name}"
    steps = whole.split(".")
    if _is_dangerous(whole, steps, module.count(".") + 1):
        return ScanVerdict.DANGEROUS
    is_class = "." not in name and name.lstrip("_")[:1].isupper()
    is_of_family = is_class and f"{module}.".startswith(
        tuple(f"{each.rstrip('.')}." for each in allow_list.FAMILIES)
    )
    # No module of Python has this name: TorchScript's own reader resolves it.
    is_script = steps[0] == "__torch__"
    if whole in allow_list.NAMES or is_of_family or is_script:
        return ScanVerdict.CLEAN
    return ScanVerdict.SUSPICIOUS


def _is_dangerous(whole: str, steps: list[str], module_steps: int) -> bool:
    """Whether a global, or a step on the way to it, reaches the system.

    Args:
        module_steps: how many of the steps name the module; modules that others import can be
            reached through them.
    """
    if whole in allow_list.NAMES:
        return False
    if steps[0] in danger_list.MODULES:
        return True
    if any(step in danger_list.HIDDEN_WAYS for step in steps):
        return True
    if any(".".join(steps[:end]) in danger_list.NAMES for end in range(2, len(steps) + 1)):
        return True
    return any(step in danger_list.REACHED for step in steps[module_steps:])
