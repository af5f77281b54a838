"""Recognising a license by its text: all of it, and nothing of weight beside it."""

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.licensing.fingerprints import load_fingerprints
from artifacts.rules.licensing.terms import Kind, find_terms
from artifacts.rules.licensing.texts import identify_text, read_license_text
from tests.factories.licenses import (
    BSD_DISCLAIMER,
    BSD_NAMES,
    BSD_SOURCE,
    COPYRIGHT,
    MIT_GRANT,
    PARAGRAPHS,
    TEXTS,
)

SHARED = Path(__file__).parents[5] / "shared/upstream/licenses/texts"
MIT = TEXTS["MIT"]
# What people add to licenses, in their own words.
CLAUSES = (
    "Nobody may use it for commercial purposes.",
    "This license does not cover the folder assets/.",
    "It is free for companies with fewer than 500 employees.",
    "Whoever serves more than a million people pays a fee.",
    "The logo may not be removed.",
    "For academic research only.",
    "Military use is forbidden.",
    "You must publish every change within thirty days.",
    '"Commons Clause" License Condition v1.0',
    "Except for the weights, which are licensed under CC-BY-NC-4.0.",
    "Users in the European Union are excluded.",
    "The weights belong to Acme.",
    "No model may be trained on what it prints.",
    "Nur zur privaten Verwendung.",
    "\u7981\u6b62\u5546\u4e1a\u4f7f\u7528",
    "This program is under a changed license; ask us before you sell it.",
)
WORK = "This work is licensed under "
SEE = " To view a copy of this license, visit https://creativecommons.org/licenses/by-nc/4.0/."


def add_clause(name: str, clause: str, place: int) -> str:
    paragraphs = list(PARAGRAPHS[name])
    paragraphs.insert(place % (len(paragraphs) + 1), clause)
    return "\n\n".join(paragraphs)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("clause", CLAUSES)
def test_text_when_a_clause_is_added_then_not_recognised_and_its_words_are_quoted(name, clause):
    for place in range(len(PARAGRAPHS[name]) + 1):
        found = read_license_text(add_clause(name, clause, place))
        assert found.name == "", (place, found)
        assert clause.strip('"')[-10:] in found.obstacle.replace("\n", " "), (place, found)


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("without\nrestriction,", "with restrictions,"),
        ("use, copy, modify,", "use, copy,"),
        ("free of charge", "for a small charge"),
        ("to any person obtaining", "to any student obtaining"),
        ("and/or sell", "and never sell"),
        ("all\ncopies", "all non-commercial copies"),
        ("WITHOUT WARRANTY OF ANY KIND", "WITH A WARRANTY OF 30 DAYS"),
        ("subject to the following conditions:", "subject to our terms and these conditions:"),
        ("SHALL THE AUTHORS", "SHALL THE AUTHORS, WHO MAY REVOKE THIS,"),
    ],
)
def test_text_when_words_of_it_are_changed_then_not_recognised(words, others):
    assert words in MIT
    found = read_license_text(MIT.replace(words, others))
    assert (found.name, found.like) == ("", "MIT")
    assert found.reason


@pytest.mark.parametrize("name", TEXTS)
def test_text_when_a_paragraph_is_removed_then_another_license_or_none(name):
    for paragraph in PARAGRAPHS[name]:
        if paragraph in (COPYRIGHT, "MIT License", "ISC License"):
            continue
        found = read_license_text(TEXTS[name].replace(paragraph, ""))
        assert found.name != name, paragraph
        assert found.name or found.reason


@pytest.mark.slow
@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 20),
    st.lists(st.sampled_from(" ".join(CLAUSES).split()), min_size=4, max_size=30),
)
def test_text_when_anything_is_added_then_it_loses_its_name(name, place, words):
    assert identify_text(add_clause(name, f"{' '.join(words)} has to pay.", place)) != name


@pytest.mark.slow
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 300), st.integers(8, 40))
def test_text_when_words_are_removed_then_it_loses_its_name(name, start, count):
    body = "\n\n".join(each for each in PARAGRAPHS[name] if "license" not in each.lower()[:12])
    words = body.replace(COPYRIGHT, "").split()
    start %= len(words) - 8
    assert identify_text(" ".join(words[:start] + words[start + count :])) != name


@pytest.mark.slow
@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(40, 2_000),
    st.sampled_from(["", "# ", "// ", " * ", "    "]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(
        ["Copyright 2019-2026 The Authors of Tea", "(c) 2020 Acme", "Copyright \xa9 1999 \u00c5sa",
         "Copyright (c) 2020 A\nCopyright (c) 2021 B, all rights reserved", "", COPYRIGHT]
    ),
    st.booleans(),
)  # fmt: skip
def test_text_when_written_otherwise_then_it_keeps_its_name(
    name, width, mark, end, notice, is_upper
):
    paragraphs = [notice if each == COPYRIGHT else each for each in PARAGRAPHS[name]]
    text = "\n\n".join(
        "\n".join(textwrap.wrap(each, width, break_long_words=False))
        if each != notice else each
        for each in paragraphs
    )  # fmt: skip
    text = "\n".join(mark + line for line in text.splitlines())
    text = text.upper() if is_upper else text
    assert identify_text(text.replace("\n", end)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tea Robot\n\n" + MIT, "MIT"),
        ("The MIT License (MIT) Copyright (c) 2020 Acme, https://acme.example\n" + MIT, "MIT"),
        (MIT.replace("permission notice", "permission notice (including the next paragraph)"),
         "MIT"),
        (MIT.replace("AUTHORS OR COPYRIGHT HOLDERS", "UNIVERSITY OF TEA"), "MIT"),
        (TEXTS["BSD-3-Clause"].replace("the copyright holder nor", "Acme Tea nor"), "BSD-3-Clause"),
        (TEXTS["BSD-3-Clause"].replace("COPYRIGHT HOLDERS AND", "REGENTS AND"), "BSD-3-Clause"),
        (TEXTS["BSD-3-Clause"].replace("1. ", "* ").replace("2. ", "(b) ").replace("3. ", "iii) "),
         "BSD-3-Clause"),
        (TEXTS["BSD-2-Clause"].replace("Redistributions", "Redistribution"), "BSD-2-Clause"),
        (MIT + "\n\n-----\n\n" + TEXTS["ISC"], "ISC AND MIT"),
        (MIT + "\n\nThe folder kettle is derived from Boiler, under the following license:\n\n"
         + TEXTS["BSD-2-Clause"], "BSD-2-Clause AND MIT"),
        (MIT + "\n\n" + MIT.replace("Acme", "Bcme"), "MIT"),
        (MIT + "\n\nSPDX-License-Identifier: MIT\nhttps://opensource.org/licenses/MIT", "MIT"),
        ("Tea Robot is released under the MIT license.\n\n" + MIT, "MIT"),
        (MIT.replace(COPYRIGHT, "Copyright (c) 2020 the tea authors (see AUTHORS file)"), "MIT"),
        (TEXTS["ISC"].replace("and/or", "and"), "ISC"),
        (MIT.replace(COPYRIGHT, f"{COPYRIGHT} The weights stay with those who trained them."), ""),
        ("The MIT license covers the code.\n\n" + MIT, ""),
        # The name or the address alone.
        ("SPDX-License-Identifier: ISC", "ISC"), ("MIT", "MIT"),
        ("MIT License\n\nCopyright (c) 2020 Acme", "MIT"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0-only"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991", "GPL-2.0-only"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "LGPL-3.0-only"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3", "AGPL-3.0-only"),
        ("# Mozilla Public License Version 2.0", "MPL-2.0"),
        ("Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("Attribution 4.0 International", "CC-BY-4.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        (WORK + "the Creative Commons Attribution-NonCommercial 4.0 International License." + SEE,
         "CC-BY-NC-4.0"),
        ("The code is released under the MIT license.", "MIT"),
        ("The code is released under the MIT license, but not to Acme.", ""),
        (WORK + "CC BY 4.0." + SEE, ""),
        # Licenses of vendors, by their titles.
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT", "Llama-3.1"),
        ("Gemma Terms of Use\n\nLast modified: April 1, 2024\n\n" + "By using it you agree. " * 99,
         "Gemma"),
        ("CreativeML Open RAIL-M\ndated August 22, 2022", "CreativeML-OpenRAIL-M"),
        ("BigCode OpenRAIL-M", "BigCode-OpenRAIL-M"),
        ("NVIDIA Open Model License Agreement\n\n" + "You may. " * 99, "NVIDIA-Open-Model"),
        ("FALCON 9 LICENSE AGREEMENT\n\n" + MIT + "\n\nA fee is due.", "Falcon"),
        ("ACME COMMUNITY LICENSE\n\n" + MIT + "\n\nA fee is due.", ""),
        ("Modified MIT License\n\n" + MIT + "\n\nA fee is due.", ""),
        # Nothing that anybody could judge.
        ("Apache License Version 2.0, for research purposes", ""),
        ("Proprietary. It contains parts under the Apache License, Version 2.0.", ""),
        ("Apache License\n   Version 2.0, January 2004\n" + MIT, ""),
        ("Eclipse Public License - v 1.0 ... 2.0", ""),
        (MIT_GRANT, ""), (BSD_DISCLAIMER, ""), (BSD_SOURCE + BSD_NAMES, ""),
        ("All rights reserved.", ""), ("", ""), ("x " * 1_000_000 + MIT, ""),
    ],
)  # fmt: skip
def test_text_when_read_then_its_license(text, name):
    assert identify_text(text) == name


def test_text_when_unknown_then_its_beginning_is_quoted():
    found = read_license_text("You may brew tea with this. " * 20)
    assert found.reason.startswith('It is no known license; it begins "You may brew tea')
    assert len(found.obstacle) <= 200


def test_fingerprints_when_listed_then_each_has_terms():
    assert len(load_fingerprints()) > 120
    assert all(find_terms(each.name).kind != Kind.UNKNOWN for each in load_fingerprints())


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the texts of SPDX are not part of the project")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.json")), ids=lambda path: path.stem)
def test_text_when_of_spdx_then_recognised_until_it_is_changed(path):
    text = json.loads(path.read_text(encoding="utf-8"))["licenseText"]
    assert identify_text(text) == path.stem
    sentences = text.split(". ")
    for clause in CLAUSES[:4]:
        middle = len(sentences) // 2
        changed = ". ".join((*sentences[:middle], clause, *sentences[middle:]))
        assert identify_text(changed) == ""
    assert identify_text(f"{text}\n\n{CLAUSES[0]}") == ""
    assert identify_text(f"{CLAUSES[1]}\n\n{text}") == ""


@pytest.mark.parametrize(
    "line", ["SPDX-License-Identifier: GPL-3.0-only", "cc-by-nc-4.0", "Weights: `Apache-2.0`"]
)
def test_text_when_the_id_of_another_license_stands_above_then_not_recognised(line):
    found = read_license_text(f"{line}\n\n{MIT}")
    assert (found.name, found.like) == ("", "MIT")
    assert line in found.obstacle


def test_text_when_its_own_id_stands_above_then_recognised():
    text = TEXTS["BSD-3-Clause"]
    assert identify_text(f"SPDX-License-Identifier: BSD-3-Clause\n\n{text}") == "BSD-3-Clause"
