"""What judging a stranger's content may cost."""

# CPU time of one judgement while a client waits. Cards of 100 kB take half of it on slow machines;
# a judgement that takes more is left to the task that rates again.
JUDGED_AT_ONCE_CPU_S = 1.0
# The same in a task. Content that takes more was made for that: it counts as too much to read.
JUDGED_IN_TASK_CPU_S = 10.0
# How often the CPU clock is read, which costs a system call.
JUDGED_CHECK_INTERVAL_S = 0.005

# Values (and escaped characters) in one JSON text. GitHub's largest tree, 100,000 files, has
# 700,000; a million take under 200 MB.
JSON_VALUES_MAX = 1_000_000
# How many one call of the decoder may read, which takes about twenty milliseconds.
JSON_VALUES_AT_ONCE_MAX = 50_000
# Our own records, read when rebuilding: the largest has 100,000 files and a README.
RECORD_VALUES_MAX = 5_000_000
# Records hold cards and configurations of up to DATA_DEPTH_MAX levels, a few levels down.
RECORD_DEPTH_MAX = 110
# Longer scalars are no numbers, dates or truth values; long sexagesimal ones take quadratic time.
NUMBER_MAX_CHARS = 400
# Front matter: the Hub's longest, 300 kB of results, has 30,000.
YAML_NODES_MAX = 50_000

# Headings, links, cells, words in bold: the longest cards have 20,000. They take the memory.
README_TOKENS_MAX = 100_000
# Each URL in a README is judged by the words of its whole paragraph, so a paragraph costs the
# number of its URLs times its length. Lists of thousands of links stay far below this.
README_CONTEXT_MAX_CHARS = 4_000_000
# URLs are stored and requested up to URL_MAX_CHARS; encoding the host of a longer one takes
# quadratic time.
LINK_MAX_CHARS = 2_000

# The largest models have 140,000 tensors in hundreds of files (384 experts, 61 layers, three
# matrices, each with its scale).
SAFETENSORS_TENSORS_MAX = 250_000
# One entry of a header, free text included.
SAFETENSORS_ENTRY_MAX_BYTES = 1_000_000

# The longest license has 40,000 characters, collections for all parts of a product ten times that.
LICENSE_TEXT_MAX_CHARS = 200_000
# A word may be a single letter, and each costs as much as a long one.
LICENSE_TEXT_MAX_WORDS = 35_000

# ------------------------------------------------------------------ names that may be mistaken

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

# Artifacts that one search is for: one that more fit lists what is there.
SOUGHT_MAX = 5
# Findings in which they are looked for: what comes after is of long lists.
SOUGHT_AMONG_MAX = 100
# How long searches count: as long as downloads are looked at.
SEARCHES_KEPT_DAYS = INFLATION_WINDOW_DAYS
# Artifacts that one user's searches of a day count for. Who looks for things by hand finds fewer;
# a program that asks for every name would fill the table.
SEARCHES_OF_USER_MAX = 200
# Rows of the table, about 100 MB with their indexes; the oldest are forgotten first.
SEARCHES_KEPT_MAX = 1_000_000
# The longest that searches wait in a process before they are written, and how many may wait: each
# user's share of a day at most, so that fifty programs at once are needed to push others out.
SEARCHES_FLUSH_S = 30.0
SEARCHES_WAITING_MAX = 10_000
# How many a process remembers to have written today, so that it writes none twice: 10 MB at most.
SEARCHES_REMEMBERED_MAX = 50_000
