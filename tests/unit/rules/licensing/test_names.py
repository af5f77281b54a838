"""What people write for a license."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.licensing.names import choose_stated, parse_license
from artifacts.rules.licensing.terms import Kind, find_terms


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("apache-2.0", "Apache-2.0"), ("Apache 2.0", "Apache-2.0"), ("MIT License", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"), ("The MIT License", "MIT"),
        ("GPL-3.0", "GPL-3.0-only"), ("GPL-2.0+", "GPL-2.0-or-later"), ("gplv3", "GPL-3.0-only"),
        ("LGPL-2.1", "LGPL-2.1-only"), ("bsd-3-clause-clear", "BSD-3-Clause-Clear"),
        ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"), ("llama3.1", "Llama-3.1"), ("gemma", "Gemma"),
        ("bigscience-openrail-m", "BigScience-OpenRAIL-M"), ("openrail++", "OpenRAIL++-M"),
        ("other", "unknown"), ("NOASSERTION", "unknown"), ("", ""), ("none", ""),
        ("mit or apache-2.0", "MIT OR Apache-2.0"), ("MIT AND (a OR BSD-2-Clause)", None),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only"),
    ],
)  # fmt: skip
def test_license_when_stated_then_its_canonical_form(stated, text):
    license_ = parse_license(stated)
    assert license_.is_stated is bool(stated and stated != "none")
    if text is not None:
        assert license_.text == text


def test_license_when_there_are_choices_then_each_with_all_that_applies():
    choices = parse_license("MIT AND (GPL-3.0 OR BSD-2-Clause)").choices
    assert set(choices) == {frozenset({"MIT", "GPL-3.0-only"}), frozenset({"MIT", "BSD-2-Clause"})}


@pytest.mark.parametrize(
    "stated",
    [
        "(" * 10_000,
        "a" * 100_000,
        "(a OR b) AND " * 30 + "c",
        "MIT AND",
        "OR",
        ")(",
        "\x00",
    ],
    ids=["brackets", "long", "many choices", "open end", "word", "wrong way", "nul"],
)
def test_license_when_hostile_then_one_that_nobody_knows(stated):
    assert parse_license(stated).choices == (frozenset({"unknown"}),)


@given(st.text(max_size=400))
def test_license_when_the_text_is_anything_then_it_never_raises(stated):
    assert isinstance(parse_license(stated).choices, tuple)


# The Hub's list of licenses (its documentation, "Licenses"), without "unknown" and "other".
HUB = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear
c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0
cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0
cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl
ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl
lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0
odc-by odbl openmdw-1.0 openmdw-1.1 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl
lgpl-lr deepfloyd-if-license fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2
llama3.3 llama4 grok2-community gemma
"""


@pytest.mark.parametrize("stated", HUB.split())
def test_license_when_an_id_of_the_hub_then_known_with_terms(stated):
    license_ = parse_license(stated)
    assert license_.is_known
    assert all(find_terms(each).kind != Kind.UNKNOWN for each in license_.choices[0])


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"), ("mit, apache-2.0", "Apache-2.0 AND MIT"),
        ("GPLv3+", "GPL-3.0-or-later"), ("GPL v2 or later", "GPL-2.0-or-later"),
        ("GNU General Public License v2.0 only", "GPL-2.0-only"), ("bsl-1.1", "BUSL-1.1"),
        ("LGPLv2.1+", "LGPL-2.1-or-later"), ('BSD 3-Clause "New"', "BSD-3-Clause"),
        ('BSD 3-Clause "New" or "Revised" License', "BSD-3-Clause"),
        ("3-Clause BSD License", "BSD-3-Clause"), ("CC0: Public Domain", "CC0-1.0"),
        ("Creative Commons Zero v1.0 Universal", "CC0-1.0"), ("Apache 2", "Apache-2.0"),
        ("Apache Software License", "Apache-2.0"), ("CC BY 4.0", "CC-BY-4.0"),
        ("Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution Share Alike 4.0", "CC-BY-SA-4.0"),
        ("CC BY-NC-SA 4.0 International", "CC-BY-NC-SA-4.0"), ("cc-by-3.0-us", "CC-BY-3.0-US"),
        ("The Unlicense", "Unlicense"), ("MIT No Attribution", "MIT-0"),
        ("GNU Affero General Public License 3.0", "AGPL-3.0-only"),
        ("Database: Open Database, Contents: Database Contents", "ODbL-1.0"),
        ("Community Data License Agreement - Permissive - Version 1.0", "CDLA-Permissive-1.0"),
        ("Do What The F*ck You Want To Public License", "WTFPL"),
        ("U.S. Government Works", "US-Government-Works"), ("cecill-2.1", "CECILL-2.1"),
        ("License :: OSI Approved :: MIT License", "MIT"),
        ("License :: OSI Approved :: Apache Software License", "Apache-2.0"),
        # Such names are no licenses without their additions.
        ("MIT-style", "MIT-style"), ("MIT (with exceptions)", "MIT (with exceptions)"),
        ("CUDA", "CUDA"),
    ],
)  # fmt: skip
def test_license_when_spelled_as_people_do_then_its_canonical_form(stated, text):
    assert parse_license(stated).text == text


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("llama-3.2", "Llama-3.2"), ("Llama 3.3 Community License Agreement", "Llama-3.3"),
        ("META LLAMA 3 COMMUNITY LICENSE", "Llama-3"), ("llama-9", "Llama-Community"),
        ("flux-1-dev-non-commercial-license", "FLUX-Non-Commercial"),
        ("stabilityai-ai-community", "Stability-Community"),
        ("sai-nc-community", "Stability-Non-Commercial"),
        ("nvidia-open-model-license", "NVIDIA-Open-Model"),
        ("nvidia-oneway-noncommercial-license", "NVIDIA-Non-Commercial"),
        ("openpangu-model-license-agreement-v1.0", "openPangu"),
        ("minicpm-model-license", "MiniCPM"),
        ("dinov3-license", "DINOv3"), ("sam-license", "SAM"), ("lfm1.0", "LFM-Open"),
        ("modified-mit", "Modified-MIT"), ("qwen-research", "Qwen-Research"),
        ("tongyi-qianwen", "Qwen"), ("mrl", "Mistral-Research"), ("glm-4", "GLM"),
        ("exaone", "EXAONE"), ("tencent-hunyuan-a13b", "Tencent-Hunyuan-Community"),
        ("CreativeML Open RAIL++-M", "OpenRAIL++-M"), ("deepseek-model-license", "DeepSeek"),
        ("ai2-impact-license-low-risk", "AI2-ImpACT"),
        ("health-ai-developer-foundations", "HAI-DEF"),
        # Words of names that no list knows.
        ("acme-community-license", "LicenseRef-Community"), ("acme-rail-s", "OpenRAIL"),
        ("Acme Non-Commercial License 1.2", "LicenseRef-Non-Commercial"),
        ("acme-research-agreement", "LicenseRef-Research"),
        ("Acme Evaluation and Research License", "LicenseRef-Research"),
        ("acme-license", "acme-license"), ("tinyllama-terms", "tinyllama-terms"),
    ],
)  # fmt: skip
def test_license_when_of_a_vendor_then_its_family_by_words(stated, text):
    assert parse_license(stated).text == text


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("https://opensource.org/license/bsd-3-clause", "BSD-3-Clause"),
        ("https://opensource.org/license/apache-2-0", "Apache-2.0"),
        ("https://opensource.org/license/lgpl-2-1/", "LGPL-2.1-only"),
        ("https://opensource.org/license/gpl-3-0", "GPL-3.0-only"),
        ("http://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.html", "GPL-2.0-only"),
        ("https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0"),
        ("https://opendatacommons.org/licenses/by/1-0/", "ODC-By-1.0"),
        ("https://cdla.dev/permissive-2-0/", "CDLA-Permissive-2.0"),
        ("https://unlicense.org", "Unlicense"), ("https://spdx.org/licenses/0BSD.html", "0BSD"),
        ("https://www.llama.com/llama3_1/license/", "Llama-3.1"),
        ("https://ai.google.dev/gemma/terms", "Gemma"),
        ("https://mistral.ai/licenses/MNPL-0.1.md", "Mistral-Non-Production"),
        ("https://huggingface.co/acme/x/blob/main/LICENSE-MIT", "MIT"),
        # An owner may be called like a license.
        ("https://github.com/mit/robot/blob/main/LICENSE",
         "https://github.com/mit/robot/blob/main/LICENSE"),
        ("https://[", "https://["),
    ],
)  # fmt: skip
def test_license_when_an_address_then_the_license_that_it_names(address, text):
    assert parse_license(address).text == text


@pytest.mark.parametrize(
    ("stated", "name", "link", "chosen"),
    [
        ("mit", "x", "LICENSE", "mit"),
        ("other", "lfm1.0", "LICENSE", "lfm1.0"),
        ("other", "", "https://ai.google.dev/gemma/terms", "Gemma"),
        ("other", "odd", "https://ai.google.dev/gemma/terms", "Gemma"),
        ("other", "odd", "https://opensource.org/licenses/MIT", "odd"),
        ("other", "other", "LICENSE.apache-2.0", "Apache-2.0"),
        ("other", "odd", "LICENSE", "odd"),
        ("", "openmdw-1.1", "", "openmdw-1.1"),
        ("other", "", "", "other"),
        ("", "", "", ""),
    ],
)
def test_stated_when_other_then_its_name_and_its_link_tell(stated, name, link, chosen):
    assert choose_stated(stated, name, link) == chosen
