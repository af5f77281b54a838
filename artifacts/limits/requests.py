"""What clients send."""

# A JSON body or a form; files never come this way. Anybody may send one, so the server and Django
# refuse a larger one unread. A hundred queries of a listing have 60 kB.
REQUEST_BODY_MAX_BYTES = 1_000_000

# Longer than a healthy request takes: a download waits up to 3 s for its content
# (DOWNLOAD_WAIT_S). A slower request waits for a source (10 s at most), searches without an index
# (20 s), or uses a component in trouble; a gateway gives up after 29 s.
REQUEST_SLOW_S = 5.0

# A Hub id has at most 96 + 1 + 96 characters; names of the same length must fit.
NAME_MAX_CHARS = 255
# Browsers and proxies stop near 2,000; no real source is longer.
URL_MAX_CHARS = 2_000
# The key of a source: its kind and what its URL names.
SOURCE_KEY_MAX_CHARS = 2_000
# contract/decisions: regular expressions.
REGEX_MAX_CHARS = 1_000
# The memory of RE2 for one expression during a search. A third is for the states of its forward
# automaton; `rules.search.states` makes sure that expressions fit into that.
REGEX_MEMORY_BYTES = 24_000_000
# Instructions of an expression's program. At 10,000, a text that makes RE2 build every state of the
# automaton costs a tenth of a second per megabyte.
REGEX_PROGRAM_MAX = 10_000
# Much larger programs are not even compiled, which could take seconds: RE2 stops when their
# instructions, of 16 bytes each, would not fit into this. It merges some of them afterwards.
REGEX_COMPILE_MEMORY_BYTES = REGEX_PROGRAM_MAX * 64
# Expressions up to these sizes are always accepted. If a text drives RE2 out of its automaton, RE2
# follows the program instruction by instruction, at 1.3 ns each, or place by place, at 10 ns (a
# place is a character of the expression, repeats written out): about a second per megabyte.
REGEX_SMALL_PROGRAM_MAX = 1_100
REGEX_PLACES_MAX = 130
VERSION_RANGE_MAX_CHARS = 100
# Queries in one POST /artifacts; more are answered with 413.
QUERIES_MAX = 100
# contract/decisions: page size.
PAGE_SIZE = 100
# Documents that an index may name as candidates. If it names more, it excludes little, and walking
# the table in order is as fast.
REGEX_CANDIDATES_MAX = 20_000
# How long the database may take for that query; after it, the table is walked.
REGEX_INDEX_TIMEOUT_MS = 2_000
# The CPU time of a search, and its duration; an API gateway gives up after 29 s. Walking a hundred
# thousand READMEs of 2 kB takes under three seconds.
SEARCH_CPU_MAX_S = 8.0
SEARCH_MAX_S = 20.0
# How much of that RE2 may take: a fixed part, and a part for each megabyte of text. Expressions
# that it matches with its automaton take a tenth of the latter.
MATCHING_CPU_MAX_S = 1.0
MATCHING_CPU_MAX_S_PER_MB = 0.05
# A search by expression answers one list without pages (contract), so it ends here with 413.
REGEX_RESULTS_MAX = 10_000
USERNAME_MAX_CHARS = 150
# Long enough for any passphrase; hashing more would only let attackers choose what it costs.
PASSWORD_MAX_CHARS = 1_000
