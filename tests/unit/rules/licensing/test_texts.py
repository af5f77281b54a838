"""Recognising a license by its text."""

import pytest

from artifacts.rules.licensing.terms import TERMS
from artifacts.rules.licensing.texts import _PHRASES, identify_text

ISC = "Permission to use, copy, modify, and/or distribute this software for any purpose is granted"
BSD = "Redistribution and use in source and binary forms"
APACHE = "Apache License\n   Version 2.0, January 2004\nTERMS AND CONDITIONS"
MPL = "Mozilla Public License Version 2.0\n" + "x " * 400 + "GNU Affero General Public License 3"
MIT = (
    "Copyright (c) 2025 Acme\n\nPermission is hereby granted, free of charge, to any person ... to "
    "deal\nin the Software without restriction ... The above copyright\nnotice shall be included."
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (MIT, "MIT"),
        (APACHE, "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0-only"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991", "GPL-2.0-only"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "LGPL-3.0-only"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3", "AGPL-3.0-only"),
        ("# Mozilla Public License Version 2.0", "MPL-2.0"),
        ("Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("Attribution 4.0 International", "CC-BY-4.0"),
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT", "Llama-3.1"),
        ("CreativeML Open RAIL-M\ndated August 22, 2022", "CreativeML-OpenRAIL-M"),
        ("Redistribution and use in source and binary forms ... to endorse or promote products",
         "BSD-3-Clause"),
        ("Redistribution and use in source and binary forms", "BSD-2-Clause"),
        (MIT + '\n"Commons Clause" License Condition v1.0', ""),
        (MIT + "\nFor non-commercial use only.", ""),
        ("Apache License Version 2.0, for research purposes", ""),
        (MPL, "MPL-2.0"),
        ("Proprietary. It contains parts under the Apache License, Version 2.0.", ""),
        (MIT + " Commercial use is prohibited.", ""), (MIT + " It is for research only.", ""),
        (MIT + " You may use it non-commercially only.", ""),
        (BSD + " ... All advertising materials ... endorse or promote products", "BSD-4-Clause"),
        (ISC, "0BSD"), (ISC + ", provided that the above copyright notice appears", "ISC"),
        ("Eclipse Public License - v 1.0 ... 2.0", ""),
        ("BigCode OpenRAIL-M", "BigCode-OpenRAIL-M"),
        ("All rights reserved.", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_text_when_read_then_its_license(text, name):
    assert identify_text(text) == name


def test_names_when_listed_then_each_has_terms():
    assert {name for name, _ in _PHRASES} <= set(TERMS)


def test_text_when_endless_then_only_its_beginning_is_read():
    assert identify_text("x " * 1_000_000 + MIT) == ""
