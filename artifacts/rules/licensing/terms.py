"""What each license of the field asks of those who build on a model.

Sources: the license texts; SPDX license list 3.29; Duan et al., ModelGo, arXiv:2402.02315 (which
clauses of model licenses are passed on to fine-tuned models); OSADL Open Source License Checklists.
"""

from __future__ import annotations

from dataclasses import dataclass

PERMISSIVE = "permissive"
PUBLIC_DOMAIN = "public domain"
WEAK_COPYLEFT = "weak copyleft"
COPYLEFT = "copyleft"
NETWORK_COPYLEFT = "network copyleft"
SHARE_ALIKE = "share-alike"
RESPONSIBLE_USE = "responsible use"
VENDOR = "vendor's model license"
RESEARCH_ONLY = "research only"
UNKNOWN_KIND = "unknown"


@dataclass(frozen=True)
class Terms:
    """What a license asks.

    Attributes:
        kind: one of the words above.
        is_non_commercial: commercial use is forbidden.
        is_no_derivatives: fine-tuned models may not be given on.
        restricts_use: it forbids certain uses, and demands that this is passed on.
        source: where the judgement comes from.
    """

    kind: str
    source: str
    is_non_commercial: bool = False
    is_no_derivatives: bool = False
    restricts_use: bool = False


_UNKNOWN = Terms(UNKNOWN_KIND, "no text that could be judged is stated")


def _same(kind: str, source: str, *names: str, **flags: bool) -> dict[str, Terms]:
    """Give several licenses the same terms."""
    return dict.fromkeys(names, Terms(kind, source, **flags))


TERMS: dict[str, Terms] = {
    **_same(
        PERMISSIVE, "license text: use, change and give on freely, keep the notices",
        "0BSD", "AFL-3.0", "Apache-1.1", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause",
        "BSD-2-Clause-Patent", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSD-4-Clause", "BSL-1.0",
        "ECL-2.0", "HPND", "ISC", "MIT", "MIT-0", "MS-PL", "MulanPSL-2.0", "NCSA",
        "OpenMDW-1.0", "OpenSSL", "PostgreSQL",
        "Python-2.0", "UPL-1.0", "X11", "Zlib", "ZPL-2.1",
    ),
    **_same(
        PUBLIC_DOMAIN, "license text: all rights are given up",
        "CC0-1.0", "PDDL-1.0", "Unlicense", "WTFPL", "blessing",
    ),
    **_same(
        PERMISSIVE, "section 3 or 4: give on with attribution",
        "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CDLA-Permissive-1.0",
        "CDLA-Permissive-2.0", "ODC-By-1.0", "etalab-2.0", "C-UDA-1.0",
    ),
    **_same(
        WEAK_COPYLEFT, "license text: changed files stay under it",
        "CDDL-1.0", "CDDL-1.1", "CPL-1.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2",
        "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later",
        "LGPL-3.0-only", "LGPL-3.0-or-later", "LGPLLR", "LPPL-1.3c", "MPL-1.1", "MPL-2.0",
        "MS-RL", "OFL-1.1",
    ),
    **_same(
        COPYLEFT, "license text: what is made from it stays under it",
        "GFDL-1.3-only", "Sleepycat", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only",
        "GPL-3.0-or-later",
    ),
    **_same(
        NETWORK_COPYLEFT, "section 13 or 5: also for those who use it over a network",
        "AGPL-3.0-only", "AGPL-3.0-or-later", "OSL-3.0",
    ),
    **_same(
        SHARE_ALIKE, "section 3(b): adaptations under the same license",
        "CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CDLA-Sharing-1.0",
        "ODbL-1.0",
    ),
    **_same(
        SHARE_ALIKE, "sections 2(a) and 3(b): not for commercial use, adaptations alike",
        "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", is_non_commercial=True,
    ),
    **_same(
        PERMISSIVE, "section 2(a): not for commercial use",
        "CC-BY-NC-2.0", "CC-BY-NC-2.5", "CC-BY-NC-3.0", "CC-BY-NC-4.0", is_non_commercial=True,
    ),
    **_same(
        PERMISSIVE, "section 2(a): adaptations may not be given on",
        "CC-BY-ND-3.0", "CC-BY-ND-4.0", is_no_derivatives=True,
    ),
    **_same(
        PERMISSIVE, "section 2(a): neither commercial use nor adaptations",
        "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", is_non_commercial=True, is_no_derivatives=True,
    ),
    **_same(
        RESPONSIBLE_USE, "paragraphs 4 and 5: use restrictions are passed on (ModelGo, table 3)",
        "BigCode-OpenRAIL-M", "BigScience-BLOOM-RAIL-1.0", "BigScience-OpenRAIL-M",
        "CreativeML-OpenRAIL-M", "H-RAIL", "OpenRAIL", "OpenRAIL++-M", "OpenRAIL-M",
        restricts_use=True,
    ),
    **_same(
        VENDOR, "section 1(b): the agreement and its acceptable-use policy go with each copy",
        "Llama-2", "Llama-3", "Llama-3.1", "Llama-3.2", "Llama-3.3", "Llama-4",
        restricts_use=True,
    ),
    **_same(
        VENDOR, "section 3.1: the use restrictions are passed on with each derivative",
        "Gemma", "HAI-DEF", restricts_use=True,
    ),
    **_same(
        VENDOR, "license text: free up to a size of business, restrictions are passed on",
        "Apple-ASCL", "DeepSeek", "Grok-2-Community", "Qwen", "Stability-Community",
        restricts_use=True,
    ),
    **_same(
        RESEARCH_ONLY, "license text: research, and nothing commercial",
        "Apple-AMLR", "DeepFloyd-IF", "FAIR-NC-Research", "FLUX-Non-Commercial", "H-Research",
        "Intel-Research", "Llama",
        "Qwen-Research", is_non_commercial=True, restricts_use=True,
    ),
}  # fmt: skip


def terms_of(name: str) -> Terms:
    """Return what a license asks; those of an unknown one are unknown."""
    return TERMS.get(name, _UNKNOWN)
