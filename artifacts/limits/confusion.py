"""Limits of the audit of names that may be mistaken for others."""

# Suspicions on a page: each has the evidence of two artifacts.
LOOK_ALIKES_PAGE_SIZE = 50
# Artifacts that share a key with a name. More are found only where everybody uses a name, and the
# daily audit compares these with the best known ones.
LOOK_ALIKE_CANDIDATES_MAX = 500
# Names that one request may ask about: each is looked for under a thousand keys.
NAMES_AUDITED_MAX = 20
# How far back downloads are looked at for bursts; what is older no longer makes anything popular.
INFLATION_WINDOW_DAYS = 30
# Counts by user and hour that a page of suspicions reads at most.
INFLATION_ROWS_MAX = 20_000
# Ids that the answer to a registration names in a header; so many stay far below 8 kB.
LOOK_ALIKES_WARNED_MAX = 20
