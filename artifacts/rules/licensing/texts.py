"""Which license a text is: GitHub answers `NOASSERTION` for many that people can recognise.

Judged by title and characteristic phrases. A text that adds conditions to a known license is not
that license, so additions are looked for first.
"""

from __future__ import annotations

import re

# Title and grant stand at the beginning; the longest preamble of a known license is shorter.
_READ_CHARS = 20_000
# Conditions that people add to known licenses.
_ADDITIONS = re.compile(
    r"commons clause|non-?\s?commercial (use|purposes?|research)( only)?"
    r"|for research (use|purposes)|academic (use|purposes?)( only)?"
    r"|may not be used (for|in) (commercial|military)"
    r"|not (be )?used for commercial",
)
# All phrases of a row have to be there; the first row that fits is the license. Those that quote
# others come before those.
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
    ("BigScience-BLOOM-RAIL-1.0", ("bigscience rail license",)),
    ("BigScience-OpenRAIL-M", ("bigscience open rail-m",)),
    ("CreativeML-OpenRAIL-M", ("creativeml open rail-m",)),
    ("OpenRAIL++-M", ("creativeml open rail++-m",)),
    ("AGPL-3.0-only", ("gnu affero general public license", "version 3")),
    ("LGPL-3.0-only", ("gnu lesser general public license", "version 3,")),
    ("LGPL-2.1-only", ("gnu lesser general public license", "version 2.1")),
    ("GPL-3.0-only", ("gnu general public license", "version 3")),
    ("GPL-2.0-only", ("gnu general public license", "version 2")),
    ("MPL-2.0", ("mozilla public license", "2.0")),
    ("EPL-2.0", ("eclipse public license", "2.0")),
    ("EUPL-1.2", ("european union public licence", "1.2")),
    ("Apache-2.0", ("apache license", "version 2.0")),
    ("Unlicense", ("free and unencumbered software released into the public domain",)),
    ("BSL-1.0", ("boost software license", "version 1.0")),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software",)),
    ("MIT", ("permission is hereby granted, free of charge", "without restriction",
             "the above copyright notice")),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms",
                      "endorse or promote products")),
    ("BSD-2-Clause", ("redistribution and use in source and binary forms",)),
)  # fmt: skip
_OWN_RESTRICTIONS = ("CC-", "Llama", "BigScience", "CreativeML", "OpenRAIL", "BigCode", "Gemma")


def identify_text(text: str) -> str:
    """Return the name of the license that a text is, "" when it is none that is known."""
    plain = re.sub(r"[\s#*=]+", " ", text[:_READ_CHARS].lower())
    for name, phrases in _PHRASES:
        if all(phrase in plain for phrase in phrases):
            is_changed = _ADDITIONS.search(plain) and not name.startswith(_OWN_RESTRICTIONS)
            return "" if is_changed else name
    return ""
