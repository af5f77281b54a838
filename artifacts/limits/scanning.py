"""What scanning files for code may cost, and how far it goes."""

# CPU time for one file in a task. The largest honest pickles, vocabularies of a million words, take
# ten seconds.
SCAN_FILE_CPU_S = 60.0
# How much a scanner gets to see of a file before it reads on: whole headers of most formats.
SCAN_START_BYTES = 65_536
# Configurations, templates, and the part of a text in which secrets are looked for.
SCAN_TEXT_MAX_BYTES = 2_000_000
# Values in a configuration: the maps of 21,000 labels of ImageNet have 43,000.
SCAN_VALUES_MAX = 150_000
# An honest archive of this size unpacks to a few times as much; more is a bomb, or kept for one.
SCAN_UNPACKED_MAX_BYTES = 8_000_000_000
# Memory of one unpacker of LZMA, which a stream may ask gigabytes of.
SCAN_UNPACKER_MAX_BYTES = 24_000_000
# Members of one archive. The largest checkpoints have some ten thousand tensors.
SCAN_MEMBERS_MAX = 100_000
# Archives in archives: a pickle in a zip in a gzip in a tar.
SCAN_DEPTH_MAX = 4
# Entries of a header of GGUF, and words of the vocabulary in it.
SCAN_ENTRIES_MAX = 5_000_000
# Findings kept of one file.
SCAN_FINDINGS_MAX = 50

# As much is kept of a line of protocol 0: Python refuses numbers with more digits.
PICKLE_LINE_MAX_BYTES = 4_300
# Longer texts name no global.
PICKLE_TEXT_MAX_BYTES = 200
# Values that are remembered because they could name a global.
PICKLE_MEMO_MAX = 100_000
# Values on the stack: Python writes at most a thousand before it empties it.
PICKLE_STACK_MAX = 30_000
# Items of a tuple, of which the shape of an array is the longest that matters; findings.
PICKLE_ENTRIES_MAX = 32
# Different globals in a pickle; the largest honest ones have two hundred.
PICKLE_GLOBALS_MAX = 2_000
# Pickles behind one another. PyTorch wrote five; a stream of records may have many.
PICKLES_IN_A_FILE_MAX = 10_000

# How a blob is read: the ending of its file's name, or the whole name of a few.
SCAN_KIND_MAX_CHARS = 32
# Module and name; the longest of Python's libraries have a hundred characters.
GLOBAL_MAX_CHARS = 300
# Sentences that a revision keeps, and files that a page or an answer names.
SCAN_SENTENCES_MAX = 10
SCANS_SHOWN_MAX = 100
# Files whose scans are looked up in one query.
SCANNED_AT_ONCE_MAX = 500
# Revisions that one task of the daily pass looks at, and the pause behind it.
RESCANNED_AT_ONCE_MAX = 20
RESCANNING_PAUSE_S = 5.0
