"""Which license a text is: GitHub answers `NOASSERTION` for many that people can recognise.

Judged by title and characteristic phrases. A text that adds conditions to a known license is not
that license, so additions are looked for first.
"""

from __future__ import annotations

from artifacts.rules.patterns import Pattern

# Title and grant stand at the beginning; the longest preamble of a known license is shorter.
_READ_CHARS = 20_000
# Conditions that people add to known licenses.
_ADDITIONS = Pattern(
    r"commons clause|non-?\s?commercial (?:use|purpose|research)"
    r"|non-?\s?commercially only|only non-?\s?commercially"
    r"|for research (?:use|purposes|only)|research only|academic (?:use|purpose)"
    r"|commercial (?:use|purposes?)[^.]{0,20} (?:prohibited|forbidden|not (?:allowed|permitted))"
    r"|no commercial use|may not be used (?:for|in) (?:commercial|military)"
    r"|not (?:be )?used for commercial"
)
# Marks of headings and lines of the same sign, which stand between words.
_MARKS = str.maketrans("#*=", "   ")
# A title stands at the top; further down the same words are about another license.
_TITLE_CHARS = 600
# The first phrase of a row has to be in the title where that is what it is, the others anywhere;
# the first row that fits is the license.
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("CC-BY-NC-ND-4.0", ("attribution-noncommercial-noderivatives 4.0",)),
    ("CC-BY-NC-SA-4.0", ("attribution-noncommercial-sharealike 4.0",)),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0",)),
    ("CC-BY-ND-4.0", ("attribution-noderivatives 4.0",)),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0",)),
    ("CC-BY-4.0", ("attribution 4.0 international",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("Llama-4", ("llama 4 community license agreement",)),
    ("Llama-3.3", ("llama 3.3 community license agreement",)),
    ("Llama-3.2", ("llama 3.2 community license agreement",)),
    ("Llama-3.1", ("llama 3.1 community license agreement",)),
    ("Llama-3", ("llama 3 community license agreement",)),
    ("Llama-2", ("llama 2 community license agreement",)),
    ("Gemma", ("gemma terms of use",)),
    ("BigCode-OpenRAIL-M", ("bigcode open rail-m",)),
    ("BigCode-OpenRAIL-M", ("bigcode openrail-m",)),
    ("BigScience-BLOOM-RAIL-1.0", ("bigscience rail license",)),
    ("BigScience-OpenRAIL-M", ("bigscience open rail-m",)),
    ("CreativeML-OpenRAIL-M", ("creativeml open rail-m",)),
    ("CreativeML-OpenRAIL-M", ("creativeml openrail-m",)),
    ("OpenRAIL++-M", ("creativeml open rail++-m",)),
    ("AGPL-3.0-only", ("gnu affero general public license", "version 3")),
    ("LGPL-3.0-only", ("gnu lesser general public license", "version 3,")),
    ("LGPL-2.1-only", ("gnu lesser general public license", "version 2.1")),
    ("GPL-3.0-only", ("gnu general public license", "version 3")),
    ("GPL-2.0-only", ("gnu general public license", "version 2")),
    ("MPL-2.0", ("mozilla public license", "2.0")),
    ("EPL-2.0", ("eclipse public license - v 2.0",)),
    ("EUPL-1.2", ("european union public licence", "1.2")),
    ("Apache-2.0", ("apache license", "version 2.0", "terms and conditions")),
    ("Unlicense", ("free and unencumbered software released into the public domain",)),
    ("BSL-1.0", ("boost software license", "version 1.0")),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software",
             "provided that the above copyright notice")),
    ("0BSD", ("permission to use, copy, modify, and/or distribute this software",)),
    ("MIT", ("permission is hereby granted, free of charge", "without restriction",
             "the above copyright notice")),
    ("BSD-4-Clause", ("redistribution and use in source and binary forms",
                      "all advertising materials")),
    ("BSD-3-Clause-Clear", ("redistribution and use in source and binary forms",
                            "no express or implied licenses to any party's patent rights")),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms",
                      "endorse or promote products")),
    ("BSD-2-Clause", ("redistribution and use in source and binary forms",)),
)  # fmt: skip
# Licenses without a title of their own are known by the words of their grant, wherever they stand.
_BY_GRANT = frozenset((
    "0BSD", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSD-4-Clause", "ISC", "MIT",
    "Unlicense",
))  # fmt: skip
_OWN_RESTRICTIONS = ("CC-", "Llama", "BigScience", "CreativeML", "OpenRAIL", "BigCode", "Gemma")


def identify_text(text: str) -> str:
    """Return the name of the license that a text is, "" when it is none that is known."""
    plain = " ".join(text[:_READ_CHARS].lower().translate(_MARKS).split())
    title = plain[:_TITLE_CHARS]
    for name, (first, *others) in _PHRASES:
        is_there = first in (plain if name in _BY_GRANT else title)
        if is_there and all(phrase in plain for phrase in others):
            is_changed = _ADDITIONS.search(plain) and not name.startswith(_OWN_RESTRICTIONS)
            return "" if is_changed else name
    return ""
