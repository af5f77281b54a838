"""Limits of one answer. Page sizes follow from the largest answer that every server can send."""

# Lambda accepts 6,291,556 bytes, status and headers included, with the body as a JSON string (AWS,
# "Lambda quotas"): each quotation mark and backslash in it counts twice.
ANSWER_MAX_BYTES = 6_000_000
# Where the growing part of an answer stops, so that the rest fits too.
GRAPH_MAX_BYTES = 4_500_000
# An artifact with the longest name, in letters that JSON writes as two escapes, takes 3.5 kB.
ARTIFACTS_BY_NAME_PAGE_SIZE = 1_000
# An entry with the longest names takes 6 kB.
AUDIT_PAGE_SIZE = 500
# A user with the longest name takes 2 kB.
USERS_PAGE_SIZE = 1_000
# Administrators whom a refusal names: enough that one of them is there.
ADMINISTRATORS_NAMED_MAX = 5

# ------------------------------------------------------------------ pages for people

# A page counts what it leaves out, and links to the rest.
# Nobody reads more rows than this; a page with all of them at once stays under 300 kB.
FILES_SHOWN_MAX = 100
RELATIVES_SHOWN_MAX = 100
REVISIONS_SHOWN_MAX = 50
TASKS_SHOWN_MAX = 50
TRAIL_SHOWN_MAX = 50
RATINGS_SHOWN_MAX = 10
TOKENS_SHOWN_MAX = 50
# 50 pages of a book. A README may have a megabyte, whose layout takes a telephone seconds.
CARD_SHOWN_MAX_CHARS = 100_000
EVIDENCE_SHOWN_MAX_CHARS = 100_000
# Counting every row of a large table takes longer than showing a page of it.
ROWS_COUNTED_MAX = 10_000
# A page of progress asks again every other second while something may change within this.
PROGRESS_SOON_S = 30.0
# Parents of a model that a preview names, and artifacts that have its name.
PARENTS_PREVIEWED_MAX = 50
NAMESAKES_SHOWN_MAX = 5


# ------------------------------------------------------------------ the staff site

# A cell of a list; names have 255, and a task's error is on its page in full.
CELL_MAX_CHARS = 300
# A list as a file: a spreadsheet shows a million rows, but nobody reads them, and a function's
# answer must fit (`ANSWER_MAX_BYTES`).
EXPORT_ROWS_MAX = 10_000
EXPORT_PAGE_ROWS = 1_000
EXPORT_MAX_BYTES = 4_500_000
# What needs a hand, of each kind, on the front page.
NEEDS_SHOWN_MAX = 5
# For so long the front page relies on how much is stored: counting it reads all revisions.
STORED_KNOWN_S = 300.0
# Up to so many are done at once when somebody waits for the page; more become a task.
DONE_AT_ONCE_MAX = 10
# What one task of somebody's choice may hold: its row keeps the ids, of 40 bytes each.
CHOSEN_MAX = 1_000
# A reason for a deletion fits into a note of the trail.
REASON_MAX_CHARS = 200


# ------------------------------------------------------------------ a card as HTML

# A page has 100 kB, of which this leaves a quarter for everything around the card.
CARD_HTML_MAX_BYTES = 75_000
# No more of a text than this fits into it.
CARD_DRAWN_MAX_CHARS = 75_000
# CPU time; the longest cards that fit take a fifth of it.
CARD_DRAWN_CPU_S = 0.5
# One call of C code takes them all, and blocks every other thread meanwhile.
CARD_TAGS_MAX = 20_000
# A table of contents of more lines is no help to find something.
CARD_HEADINGS_SHOWN_MAX = 40

# ------------------------------------------------------------------ an artifact's page

# Parents, children and links each: with a picture and names of 200 letters, a page stays below
# 100 kB.
FAMILY_ROWS_SHOWN_MAX = 30
# Beside a card; the tab of the lineage has more.
FOUNDATION_SHOWN_MAX = 12
# Languages and papers beside a card: a multilingual card lists a hundred.
CARD_FACTS_SHOWN_MAX = 8
# Models of one name, of which a person chooses one.
NAMESAKES_SHOWN_MAX = 10
# Of each kind of difference between two revisions.
CHANGES_SHOWN_MAX = 100
# Whoever copies commands wants them short; the largest files are what may have been cut off.
DIGESTS_COPIED_MAX = 3


# ------------------------------------------------------------------ the catalogue

# Rows of a page: what nobody has found among fifty, words find sooner.
CATALOGUE_PAGE_SIZE = 50
# How many of the artifacts that fit are read, counted by facet and, if they are all, sorted: some
# hundredths of a second. Of more, the newest are counted, and the page says so.
CATALOGUE_COUNTED_MAX = 3_000
# How many READMEs may hold the words of a search. Words in more of them tell little, and to compare
# their texts takes PostgreSQL a tenth of a second for a thousand; then names alone are searched.
READMES_FOUND_MAX = 1_000
# The same for the time, when an index names many READMEs and few of them hold the words.
READMES_SEARCHED_MAX_MS = 400
# What is typed into the search field. The longest URL fits; of more words the first are taken.
TYPED_MAX_CHARS = 2_000
TYPED_WORDS_MAX = 8
# Values of a facet without a closed list: tasks, people, libraries.
FACET_VALUES_SHOWN_MAX = 12
# Libraries stand in the cards, which no index holds: only so few cards are read.
LIBRARIES_READ_MAX = 1_000
# Spellings of licenses that a facet tells apart; the Hub has eighty, people write some hundreds.
LICENSE_SPELLINGS_MAX = 2_000
# Names that an empty page offers instead, and among how many they are chosen.
NEAREST_NAMES_MAX = 5
NEAREST_NAMES_READ_MAX = 100
# What came in lately, on the front page.
LATEST_SHOWN_MAX = 10
# Artifacts of a type that the front page counts, through an index: a hundredth of a second.
HOME_COUNTED_MAX = 100_000
# Columns that fit side by side.
COMPARED_MAX = 4
