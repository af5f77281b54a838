"""License pairs: may a project under the second fine-tune a model under the first?

Each row says where its answer comes from.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.licensing.compatibility import check_use
from artifacts.rules.licensing.names import parse_license
from artifacts.rules.licensing.terms import TERMS

OSADL = "OSADL matrix 2024-05"
GRANT = "the model license's grant: attribution only"
NONE_STATED = "no license: all rights reserved (Berne Convention, article 2)"
UNKNOWN = "nobody can judge an unknown text"
NC = "CC BY-NC 4.0, section 2(a)(1): NonCommercial purposes only"
ND = "CC BY-ND 4.0, section 2(a)(1)(B): Adapted Material may not be shared"
SA = "CC BY-SA 4.0, section 3(b): Adapter's License"
SA_GPL = "Creative Commons, compatible licenses: CC BY-SA 4.0 to GPL-3.0 (2015)"
RAIL = "CreativeML OpenRAIL-M, paragraphs 4 and 5: restrictions are passed on"
RAIL_GPL = "GPL-3.0, section 10: no further restrictions"
LLAMA = "Llama 3.1 Community License, section 1(b)"
GEMMA = "Gemma Terms of Use, section 3.1"
CHOICE = "SPDX, annex B: OR is a choice of the licensee"
ALL = "SPDX, annex B: AND means all apply"
GPL13 = "GPL-3.0, section 13"

PAIRS = [
    # permissive into anything
    ("mit", "MIT", True, "the same license"),
    ("apache-2.0", "Apache-2.0", True, "the same license"),
    ("mit", "Apache-2.0", True, OSADL),
    ("apache-2.0", "MIT", True, OSADL),
    ("bsd-3-clause", "MIT", True, OSADL),
    ("bsd-2-clause", "GPL-2.0", True, OSADL),
    ("mit", "GPL-2.0", True, OSADL),
    ("mit", "GPL-3.0", True, OSADL),
    ("mit", "AGPL-3.0", True, OSADL),
    ("mit", "MPL-2.0", True, OSADL),
    ("mit", "LGPL-3.0", True, OSADL),
    ("isc", "Apache-2.0", True, OSADL),
    ("bsl-1.0", "MIT", True, OSADL),
    ("unlicense", "GPL-3.0", True, OSADL),
    ("wtfpl", "MIT", True, OSADL),
    ("zlib", "BSD-3-Clause", True, OSADL),
    ("apache-2.0", "GPL-3.0", True, OSADL),
    ("apache-2.0", "GPL-2.0", False, OSADL),
    ("apache-2.0", "GPL-2.0-or-later", False, OSADL),
    ("apache-2.0", "AGPL-3.0", True, OSADL),
    ("bsd", "Apache-2.0", True, "family read as BSD-3-Clause; OSADL"),
    # copyleft
    ("gpl-3.0", "GPL-3.0", True, "the same license"),
    ("gpl-3.0", "MIT", False, OSADL),
    ("gpl-3.0", "Apache-2.0", False, OSADL),
    ("gpl-2.0", "GPL-3.0", False, OSADL),
    ("GPL-2.0-or-later", "GPL-3.0", True, OSADL),
    ("gpl-3.0", "AGPL-3.0", True, GPL13),
    ("gpl", "MIT", False, "any version of the family; OSADL"),
    ("gpl", "GPL-2.0", True, "GPL-2.0, section 9: any version"),
    ("CC-BY-3.0", "GPL-3.0", False, "left open by the OSADL matrix"),
    ("MS-PL", "MIT", False, "left open by the OSADL matrix"),
    ("bsd-4-clause", "GPL-3.0", False, OSADL),
    ("MIT WITH commons-clause", "MIT", False, "Commons Clause: takes the right to sell"),
    ("mit*", "MIT", False, UNKNOWN),
    ("Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)", "MIT", False, SA),
    ("fair-noncommercial-research-license", "MIT", False, "FAIR NC research: not for commerce"),
    ("openmdw-1.0", "Apache-2.0", True, GRANT),
    ("agpl-3.0", "MIT", False, OSADL),
    ("agpl-3.0", "AGPL-3.0", True, "the same license"),
    ("agpl-3.0", "Apache-2.0", False, OSADL),
    ("lgpl-3.0", "LGPL-3.0", True, "the same license"),
    ("lgpl-3.0", "MIT", False, OSADL),
    ("lgpl-2.1", "GPL-3.0", True, OSADL),
    ("mpl-2.0", "MPL-2.0", True, "the same license"),
    ("mpl-2.0", "MIT", False, OSADL),
    ("mpl-2.0", "GPL-3.0", True, OSADL),
    ("epl-2.0", "MIT", False, OSADL),
    ("eupl-1.2", "MIT", False, OSADL),
    # public domain and attribution
    ("cc0-1.0", "MIT", True, "CC0 1.0, section 2: waiver"),
    ("cc0-1.0", "GPL-3.0", True, "CC0 1.0, section 2: waiver"),
    ("pddl", "Apache-2.0", True, "PDDL 1.0: dedication"),
    ("cc-by-4.0", "MIT", True, GRANT),
    ("cc-by-4.0", "Apache-2.0", True, GRANT),
    ("cc-by-4.0", "GPL-3.0", True, GRANT),
    ("cc-by-4.0", "CC-BY-4.0", True, "the same license"),
    ("cdla-permissive-2.0", "MIT", True, GRANT),
    ("odc-by", "Apache-2.0", True, GRANT),
    ("afl-3.0", "MIT", True, OSADL),
    # share-alike
    ("cc-by-sa-4.0", "CC-BY-SA-4.0", True, SA),
    ("cc-by-sa-4.0", "MIT", False, SA),
    ("cc-by-sa-4.0", "Apache-2.0", False, SA),
    ("cc-by-sa-4.0", "GPL-3.0", True, SA_GPL),
    ("cc-by-sa-4.0", "GPL-2.0", False, SA_GPL),
    ("cc-by-sa-3.0", "CC-BY-SA-4.0", True, "CC BY-SA 3.0, section 4(b): later versions"),
    ("cc-by-sa-4.0", "CC-BY-SA-3.0", False, SA),
    ("cc-by-sa-3.0", "GPL-3.0", False, "the declaration of 2015 is for 4.0 only"),
    ("odbl", "MIT", False, "ODbL 1.0, section 4.4: share-alike"),
    ("cdla-sharing-1.0", "Apache-2.0", False, "CDLA-Sharing 1.0, section 3.1"),
    # not for commerce, no derivatives
    ("cc-by-nc-4.0", "MIT", False, NC),
    ("cc-by-nc-4.0", "Apache-2.0", False, NC),
    ("cc-by-nc-4.0", "GPL-3.0", False, NC),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0", True, "the same license"),
    ("cc-by-nc-4.0", "CC-BY-NC-SA-4.0", True, NC),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0", True, "the same license"),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-4.0", False, "CC BY-NC-SA 4.0, section 3(b)"),
    ("cc-by-nd-4.0", "MIT", False, ND),
    ("cc-by-nd-4.0", "CC-BY-ND-4.0", False, ND),
    ("cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0", False, ND),
    ("cc", "MIT", False, "the strictest of the family; CC BY-NC-ND"),
    # licenses of models
    ("openrail", "MIT", True, RAIL),
    ("openrail", "OpenRAIL", True, "the same license"),
    ("creativeml-openrail-m", "Apache-2.0", True, RAIL),
    ("creativeml-openrail-m", "GPL-3.0", False, RAIL_GPL),
    ("bigscience-bloom-rail-1.0", "MIT", True, RAIL),
    ("bigcode-openrail-m", "AGPL-3.0", False, RAIL_GPL),
    ("openrail++", "MPL-2.0", False, "MPL-2.0, section 3.1: rights may not be restricted"),
    ("openrail", "LGPL-3.0", False, "LGPL-2.1, section 10: no further restrictions"),
    ("gemma", "CC-BY-SA-4.0", False, "CC BY-SA 4.0, section 3(b)(3): no additional terms"),
    ("llama2", "MIT", True, LLAMA),
    ("llama3.1", "Apache-2.0", True, LLAMA),
    ("llama3.1", "GPL-3.0", False, RAIL_GPL),
    ("llama3.2", "Llama3.2", True, "the same license"),
    ("gemma", "Apache-2.0", True, GEMMA),
    ("gemma", "GPL-2.0", False, RAIL_GPL),
    ("apple-amlr", "MIT", False, "Apple AMLR: research purposes only"),
    ("deepfloyd-if-license", "Apache-2.0", False, "DeepFloyd IF: non-commercial research"),
    ("mit", "Llama3.1", True, GRANT),
    # choices and conjunctions
    ("mit OR gpl-3.0", "MIT", True, CHOICE),
    ("gpl-3.0 OR apache-2.0", "GPL-2.0", False, CHOICE),
    ("mit AND gpl-3.0", "MIT", False, ALL),
    ("mit AND apache-2.0", "MIT", True, ALL),
    ("gpl-3.0", "MIT OR GPL-3.0", True, CHOICE),
    ("gpl-3.0", "MIT AND GPL-3.0", False, ALL),
    ("(mit OR gpl-3.0) AND cc-by-4.0", "Apache-2.0", True, CHOICE),
    # nothing, or nothing that can be judged
    ("", "MIT", False, NONE_STATED),
    ("mit", "", False, NONE_STATED),
    ("other", "MIT", False, UNKNOWN),
    ("unknown", "MIT", False, UNKNOWN),
    ("mit", "NOASSERTION", False, UNKNOWN),
    ("acme-internal-license", "MIT", False, UNKNOWN),
    ("other", "other", False, UNKNOWN),
]


def test_pairs_when_counted_then_enough_and_each_once():
    assert len(PAIRS) >= 60
    assert len({pair[:2] for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize(
    ("model", "project", "expected", "source"), PAIRS, ids=[f"{m} in {p}" for m, p, _, _ in PAIRS]
)
def test_use_when_both_licenses_are_known_then_the_answer(model, project, expected, source):
    verdict = check_use(model, project)
    assert verdict.is_allowed is expected, (source, verdict.reasons)
    assert verdict.reasons
    assert all(reason.endswith(".") for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("model", "bases", "project", "is_allowed", "words"),
    [
        ("mit", {"acme/mother": "cc-by-nc-4.0"}, "MIT", False, "made from acme/mother: CC-BY-NC"),
        ("mit", {"a/b": "apache-2.0", "c/d": "gpl-3.0"}, "MIT", False, "made from c/d: GPL-3.0"),
        ("mit", {"acme/mother": "llama3.1"}, "Apache-2.0", True, "MIT"),
        ("mit", {"acme/mother": "odd-terms"}, "MIT", True, "What acme/mother"),
        ("mit", {"acme/mother": ""}, "MIT", True, "is not known here"),
        ("cc-by-nc-4.0", {"acme/mother": "mit"}, "MIT", False, "CC-BY-NC-4.0 forbids"),
    ],
)
def test_use_when_a_base_is_stricter_then_its_license_decides_and_is_named(
    model, bases, project, is_allowed, words
):
    verdict = check_use(model, project, bases)
    assert verdict.is_allowed is is_allowed
    assert words in " ".join(verdict.reasons)
    assert verdict.model_license == parse_license(model).text


@given(st.text(max_size=300), st.text(max_size=300))
def test_use_when_the_texts_are_anything_then_an_answer_with_reasons(model, project):
    assert check_use(model, project).reasons


@given(st.sampled_from(sorted(TERMS)))
def test_use_when_both_are_the_same_then_yes_but_for_no_derivatives(name):
    assert check_use(name, name).is_allowed is not TERMS[name].is_no_derivatives
