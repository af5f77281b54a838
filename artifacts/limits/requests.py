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
# What RE2 may take for one expression while it searches. A third is for the states of the automaton
# that it reads forwards with; `rules.search.states` has the expressions fit into that.
REGEX_MEMORY_BYTES = 24_000_000
# Instructions of an expression's program. At 10,000 a text that needs every state of the automaton
# made costs a tenth of a second a megabyte.
REGEX_PROGRAM_MAX = 10_000
# Programs much larger than that are not even made, which could take seconds: RE2 stops when this
# would not hold their instructions of 16 bytes, of which it joins some afterwards.
REGEX_COMPILE_MEMORY_BYTES = REGEX_PROGRAM_MAX * 64
# Up to here an expression is taken as it is: should a text drive RE2 out of its automaton, the
# program is followed instruction by instruction, at 1.3 ns each, or place by place, at 10 ns (a
# place is a character of the expression, repeats written out): about a second a megabyte.
REGEX_SMALL_PROGRAM_MAX = 1_100
REGEX_PLACES_MAX = 130
VERSION_RANGE_MAX_CHARS = 100
# Queries in one POST /artifacts; more answers 413.
QUERIES_MAX = 100
# contract/decisions: page size.
PAGE_SIZE = 100
# Documents that an index may name as candidates. Where it names more, it rules out little, and
# walking along the table in its order is as quick.
REGEX_CANDIDATES_MAX = 20_000
# For that question the database has so long; then the table is walked.
REGEX_INDEX_TIMEOUT_MS = 2_000
# What a search may cost in CPU time of its thread, and how long it may take; an API gateway gives
# up after 29 s. A hundred thousand READMEs of 2 kB are walked in under three seconds.
SEARCH_CPU_MAX_S = 8.0
SEARCH_MAX_S = 20.0
# The part of it that RE2 may take: so much, and so much for each megabyte of text. Expressions
# that it reads with its automaton take a tenth of the latter.
MATCHING_CPU_MAX_S = 1.0
MATCHING_CPU_MAX_S_PER_MB = 0.05
# A search by expression answers one list without pages (contract), so it ends here with 413.
REGEX_RESULTS_MAX = 10_000
USERNAME_MAX_CHARS = 150
# Long enough for any phrase; hashing more only costs time that an attacker chooses.
PASSWORD_MAX_CHARS = 1_000
