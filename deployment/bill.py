"""The bill of materials of a package: its libraries with their versions and licenses.

It tells whether a deployed package has a vulnerable library; the lock files may have changed since.
"""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any


def list_components(packages: Path) -> dict[str, Any]:
    """Return the bill of the libraries in a folder.

    Returns:
        A CycloneDX document: `components` sorted by name, each with name, version and package URL,
        and with the license expression where the library states one.

    Source: CycloneDX 1.6, "Component"; package-url "pypi" type; core metadata 2.4.
    """
    found = sorted(distributions(path=[str(packages)]), key=lambda each: _normal(each.name))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [_component(each) for each in found],
    }


def _component(library: Distribution) -> dict[str, Any]:
    """Describe one library."""
    name = _normal(library.name)
    component: dict[str, Any] = {
        "type": "library",
        "name": name,
        "version": library.version,
        "purl": f"pkg:pypi/{name}@{library.version}",
    }
    if "License-Expression" in library.metadata:
        component["licenses"] = [{"expression": library.metadata["License-Expression"]}]
    return component


def _normal(name: str) -> str:
    """Return a library's name as package indexes compare it, closely enough for our libraries."""
    return name.lower().replace("_", "-").replace(".", "-")
