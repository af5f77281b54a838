"""Files, cards and configurations of artifacts."""

# GitHub lists at most 100,000 files in one tree; larger trees are kept as a link.
FILES_MAX = 100_000
# A path longer than this cannot be kept on common file systems.
PATH_MAX_CHARS = 1_000
# How many files of a repository are kept under other names than their own, which a revision's facts
# list; a real repository has a handful.
RENAMED_FILES_MAX = 1_000
# How many submodules and links of a repository its facts name, and how many a page does.
NOTED_FILES_MAX = 1_000
NOTED_FILES_SHOWN_MAX = 20
# A listed size beyond this is a mistake or an attack; the sum of a hundred thousand such sizes
# still fits the database's largest integer. The Hub's largest file has 500 GB.
LISTED_SIZE_MAX_BYTES = 10_000_000_000_000
# The note of an audit entry; a longer path is cut.
NOTE_MAX_CHARS = 255
# Branches and tags; git itself keeps them as file names of at most 255 bytes a segment.
REF_MAX_CHARS = 255
# How many tags of a repository are kept.
TAGS_MAX = 1_000
# Of how many of them it is kept that they lead to a revision: a commit has few.
TAG_TARGETS_MAX = 100
# Cards and configurations have five or ten levels; Python's own recursive functions fail near 300.
DATA_DEPTH_MAX = 100
# `REGISTRY_MIRROR=small` stores no more than this.
SMALL_CONTENT_MAX_BYTES = 50_000_000
# Files of code are far smaller (GitHub shows none above 1 MB); what is larger and of unknown ending
# is something else.
UNKNOWN_CODE_MAX_BYTES = 1_000_000
# How much of a file tells its format: the longest of the marks lies 512 bytes into it.
FORMAT_START_BYTES = 1_024
# How many files with a fault are named where a revision is described; its list of files has all.
FAULTS_NAMED_MAX = 3
# How many small files of an upload are opened to find pointers of Git LFS while a client waits;
# those beyond are found when they are mirrored.
POINTERS_LOOKED_FOR_MAX = 200
# Of how many pointers the sizes are noted that they state, by which a model is rated.
POINTERS_NOTED_MAX = 10_000
# The header of a safetensors file (Hub documentation: 100 MB).
SAFETENSORS_HEADER_MAX_BYTES = 100_000_000

# The front matter of a card, as text; the Hub's longest, with results by the hundred, have 300 kB.
CARD_MAX_CHARS = 1_000_000
