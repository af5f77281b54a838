"""What each common license demands of those who build on a model.

Sources: the license texts; SPDX license list 3.29; Duan et al., ModelGo, arXiv:2402.02315 (which
clauses of model licenses are passed on to fine-tuned models); OSADL Open Source License Checklists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from artifacts.rules.licensing.spdx import find_category


class Kind(StrEnum):
    """The kind of a license, in words for people."""

    PERMISSIVE = "permissive"
    PUBLIC_DOMAIN = "public domain"
    WEAK_COPYLEFT = "weak copyleft"
    COPYLEFT = "copyleft"
    NETWORK_COPYLEFT = "network copyleft"
    SHARE_ALIKE = "share-alike"
    # A permissive license with a condition of its licensor's own, such as to show a name.
    CONDITIONAL = "changed permissive"
    RESPONSIBLE_USE = "responsible use"
    VENDOR = "vendor's model license"
    # The source is open, some businesses may not use it.
    SOURCE_AVAILABLE = "source-available"
    RESEARCH_ONLY = "research only"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Terms:
    """What a license demands.

    Attributes:
        is_non_commercial: commercial use is forbidden.
        is_no_derivatives: fine-tuned models may not be passed on.
        restricts_use: it forbids certain uses, and this must be passed on.
        source: the source of the judgement.
    """

    kind: Kind
    source: str
    is_non_commercial: bool = False
    is_no_derivatives: bool = False
    restricts_use: bool = False


# Licenses that no list knows, but whose own names tell what kind they are.
NON_COMMERCIAL = "LicenseRef-Non-Commercial"
RESEARCH = "LicenseRef-Research"
COMMUNITY = "LicenseRef-Community"
_UNKNOWN = Terms(Kind.UNKNOWN, "no text that could be judged is stated")
_CATEGORY = "ScanCode LicenseDB's category of it"
# ScanCode's categories, as far as they say what a license allows.
_KINDS = {
    "Permissive": Kind.PERMISSIVE,
    "Public Domain": Kind.PUBLIC_DOMAIN,
    "Copyleft Limited": Kind.WEAK_COPYLEFT,
    "Copyleft": Kind.COPYLEFT,
    "Source-available": Kind.SOURCE_AVAILABLE,
}


def _same(kind: Kind, source: str, *names: str, **flags: bool) -> dict[str, Terms]:
    """Give several licenses the same terms."""
    return dict.fromkeys(names, Terms(kind, source, **flags))


TERMS: dict[str, Terms] = {
    **_same(
        Kind.PERMISSIVE, "license text: use, change and give on freely, keep the notices",
        "0BSD", "AFL-3.0", "Apache-1.1", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause",
        "BSD-2-Clause-Patent", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSD-4-Clause", "BSL-1.0",
        "ECL-2.0", "HPND", "ISC", "MIT", "MIT-0", "MS-PL", "MulanPSL-2.0", "NCSA",
        "OpenMDW-1.0", "OpenMDW-1.1", "OpenSSL", "PostgreSQL",
        "Python-2.0", "UPL-1.0", "X11", "Zlib", "ZPL-2.1",
    ),
    **_same(
        Kind.PUBLIC_DOMAIN, "license text: all rights are given up",
        "CC0-1.0", "PDDL-1.0", "Unlicense", "US-Government-Works", "WTFPL", "blessing",
    ),
    **_same(
        Kind.PERMISSIVE, "section 3 or 4: give on with attribution",
        "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CDLA-Permissive-1.0",
        "CDLA-Permissive-2.0", "ODC-By-1.0", "etalab-2.0", "C-UDA-1.0",
    ),
    **_same(
        Kind.WEAK_COPYLEFT, "license text: changed files stay under it",
        "CDDL-1.0", "CDDL-1.1", "CPL-1.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2",
        "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later",
        "LGPL-3.0-only", "LGPL-3.0-or-later", "LGPLLR", "LPPL-1.3c", "MPL-1.1", "MPL-2.0",
        "MS-RL", "OFL-1.1",
    ),
    **_same(
        Kind.COPYLEFT, "license text: what is made from it stays under it",
        "GFDL-1.3-only", "Sleepycat", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only",
        "GPL-3.0-or-later",
    ),
    **_same(
        Kind.NETWORK_COPYLEFT, "section 13 or 5: also for those who use it over a network",
        "AGPL-3.0-only", "AGPL-3.0-or-later", "OSL-3.0",
    ),
    **_same(
        Kind.SHARE_ALIKE, "section 3(b): adaptations under the same license",
        "CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CDLA-Sharing-1.0",
        "ODbL-1.0",
    ),
    **_same(
        Kind.SHARE_ALIKE, "sections 2(a) and 3(b): not for commercial use, adaptations alike",
        "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", is_non_commercial=True,
    ),
    **_same(
        Kind.PERMISSIVE, "section 2(a): not for commercial use",
        "CC-BY-NC-2.0", "CC-BY-NC-2.5", "CC-BY-NC-3.0", "CC-BY-NC-4.0", is_non_commercial=True,
    ),
    **_same(
        Kind.PERMISSIVE, "section 2(a): adaptations may not be given on",
        "CC-BY-ND-3.0", "CC-BY-ND-4.0", is_no_derivatives=True,
    ),
    **_same(
        Kind.PERMISSIVE, "section 2(a): neither commercial use nor adaptations",
        "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", is_non_commercial=True, is_no_derivatives=True,
    ),
    **_same(
        Kind.RESPONSIBLE_USE,
        "paragraphs 4 and 5: use restrictions are passed on (ModelGo, table 3)",
        "BigCode-OpenRAIL-M", "BigScience-BLOOM-RAIL-1.0", "BigScience-OpenRAIL-M",
        "CreativeML-OpenRAIL-M", "H-RAIL", "OpenRAIL", "OpenRAIL++-M", "OpenRAIL-M",
        restricts_use=True,
    ),
    **_same(
        Kind.RESPONSIBLE_USE, "license text: uses are restricted by risk, and passed on with it",
        "AI2-ImpACT", restricts_use=True,
    ),
    **_same(
        Kind.CONDITIONAL, "license text: a permissive license and one condition, for large users",
        "Modified-MIT", restricts_use=True,
    ),
    **_same(
        Kind.COPYLEFT, "parts 2 and 3: derivatives stay under it, with its use restrictions",
        "Fair-AI-Public-1.0-SD", restricts_use=True,
    ),
    **_same(
        Kind.VENDOR, "section 1(b): the agreement and its acceptable-use policy go with each copy",
        "Llama-2", "Llama-3", "Llama-3.1", "Llama-3.2", "Llama-3.3", "Llama-4", "Llama-Community",
        restricts_use=True,
    ),
    **_same(
        Kind.VENDOR, "section 3.1: the use restrictions are passed on with each derivative",
        "Gemma", "HAI-DEF", restricts_use=True,
    ),
    **_same(
        Kind.VENDOR, "license text: commercial use is free, a few uses and acts end the license",
        "DINOv3", "Databricks-Open-Model", "FAIR-Chemistry", "NVIDIA-Open-Model", "SAM",
        restricts_use=True,
    ),
    **_same(
        Kind.VENDOR, "license text: free up to a size of business, restrictions are passed on",
        "Apple-ASCL", "Baichuan", "CogVideoX", "DeepSeek", "Falcon", "GLM", "Grok-2-Community",
        "HyperCLOVA-X", "InternLM", "Jamba-Open-Model", "Kolors", "LFM-Open", "LTX-Open-Weights",
        "MiniCPM", "MiniMax", "NVIDIA-Community", "PLaMo-Community", "Playground-Community", "Qwen",
        "SeaLLMs", "Skywork", "Solar", "Stability-Community", "Tencent-Hunyuan-Community", "XVERSE",
        "Yi", "Aquila", "openPangu", COMMUNITY, restricts_use=True,
    ),
    **_same(
        Kind.SOURCE_AVAILABLE, "license text: open to all but those who offer it as a service",
        "Elastic-2.0", "PolyForm-Perimeter-1.0.0", "PolyForm-Shield-1.0.0", restricts_use=True,
    ),
    **_same(
        Kind.SOURCE_AVAILABLE, "license text: what a business does with it needs another license",
        "BUSL-1.1", "PolyForm-Noncommercial-1.0.0", "PolyForm-Strict-1.0.0",
        "PolyForm-Free-Trial-1.0.0", "PolyForm-Internal-Use-1.0.0",
        is_non_commercial=True, restricts_use=True,
    ),
    **_same(
        Kind.SOURCE_AVAILABLE, "license text: small businesses only",
        "PolyForm-Small-Business-1.0.0", restricts_use=True,
    ),
    **_same(
        Kind.NETWORK_COPYLEFT, "section 13: whoever offers it as a service opens all that serves",
        "SSPL-1.0",
    ),
    **_same(
        Kind.VENDOR, "license text: private and other uses are free, nothing commercial is",
        "Cohere-Non-Commercial", "Coqui-Public-Model", "FLUX-Non-Commercial", NON_COMMERCIAL,
        is_non_commercial=True, restricts_use=True,
    ),
    **_same(
        Kind.RESEARCH_ONLY, "license text: research, and nothing commercial",
        "Apple-AMLR", "BRIA", "DeepFloyd-IF",
        "EXAONE", "FAIR-NC-Research", "H-Research", "Intel-Research",
        "Llama", "Microsoft-Research", "Mistral-Non-Production", "Mistral-Research",
        "NVIDIA-Non-Commercial", "NVIDIA-Research", "Open-Aleph", "Qwen-Research",
        "Stability-Non-Commercial", RESEARCH,
        is_non_commercial=True, restricts_use=True,
    ),
}  # fmt: skip


def find_terms(name: str) -> Terms:
    """Return the terms of a license; an unknown license has unknown terms.

    Licenses of SPDX's list that have no row above are judged by ScanCode's category of them.
    """
    return TERMS.get(name) or _find_by_category(name)


def _find_by_category(name: str) -> Terms:
    """Return the terms of a license of SPDX's list."""
    kind = _KINDS.get(find_category(name))
    if kind is None:
        return _UNKNOWN
    parts = name.split("-")
    if parts[0] != "CC":
        return Terms(kind, _CATEGORY, restricts_use=kind == Kind.SOURCE_AVAILABLE)
    return Terms(
        Kind.SHARE_ALIKE if "SA" in parts else Kind.PERMISSIVE,
        _CATEGORY,
        is_non_commercial="NC" in parts,
        is_no_derivatives="ND" in parts,
    )
