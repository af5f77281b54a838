"""What clients send."""

# A JSON body or a form; files never come this way. Anybody may send one, so the server and Django
# refuse a larger one before they read it. A hundred queries of a listing have 60 kB.
REQUEST_BODY_MAX_BYTES = 1_000_000

# A Hub id has at most 96 + 1 + 96 characters; names of the same length must fit.
NAME_MAX_CHARS = 255
# Browsers and proxies stop near 2,000; no real source is longer.
URL_MAX_CHARS = 2_000
# The identity of a source: its kind and what its URL names.
SOURCE_KEY_MAX_CHARS = 2_000
# contract/decisions: regular expressions.
REGEX_MAX_CHARS = 1_000
# What RE2 may take for one expression; past it, it refuses or goes on more slowly.
REGEX_MEMORY_BYTES = 16_000_000
VERSION_RANGE_MAX_CHARS = 100
# Queries in one POST /artifacts; more answers 413.
QUERIES_MAX = 100
# contract/decisions: page size.
PAGE_SIZE = 100
# A search by expression answers one list without pages (contract), so it ends here with 413.
REGEX_RESULTS_MAX = 10_000
USERNAME_MAX_CHARS = 150
# Long enough for any phrase; hashing more only costs time that an attacker chooses.
PASSWORD_MAX_CHARS = 1_000
