"""Decisions on revisions."""

# Why somebody decided as they did: a paragraph, and a link to where it was discussed.
DECISION_REASON_MAX_CHARS = 2_000
# Of how many decisions on one artifact its history is shown, the newest; the bucket keeps all.
DECISIONS_SHOWN_MAX = 100
# How far ahead an approval may end. What is to hold longer has no end.
APPROVAL_MAX_DAYS = 3_650
