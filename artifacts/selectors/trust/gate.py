"""Whether the gate keeps the bytes of a rated model back."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from artifacts.enums import GateVerdict

# Values of REGISTRY_GATE and REGISTRY_GATE_UNKNOWN.
ENFORCE: Final = "enforce"
ACCEPT: Final = "accept"


def is_refused(verdict: GateVerdict | None) -> bool:
    """Whether a verdict refuses a model here.

    Args:
        verdict: None for what is not rated, which the gate does not judge.
    """
    if settings.REGISTRY_GATE != ENFORCE:
        return False
    if verdict == GateVerdict.UNDECIDED:
        return bool(settings.REGISTRY_GATE_UNKNOWN != ACCEPT)
    return verdict == GateVerdict.FAILED
