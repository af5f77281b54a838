"""Files, cards and configurations of artifacts."""

# GitHub lists at most 100,000 files in one tree; larger trees are kept as a link.
FILES_MAX = 100_000
# A path longer than this cannot be kept on common file systems.
PATH_MAX_CHARS = 1_000
# A listed size beyond this is a slip or a trap; a hundred thousand of them still fit a database's
# largest whole number. The Hub's largest file has 500 GB.
LISTED_SIZE_MAX_BYTES = 10_000_000_000_000
# What an entry of an audit trail is about; a longer path of a file is cut.
NOTE_MAX_CHARS = 255
# Branches and tags; git itself keeps them as file names of at most 255 bytes a segment.
REF_MAX_CHARS = 255
# Tags of one repository that are kept.
TAGS_MAX = 1_000
# Cards and configurations are nested five or ten times; Python's own walkers fail near 300.
DATA_DEPTH_MAX = 100
# `REGISTRY_MIRROR=small` keeps no more than this.
SMALL_CONTENT_MAX_BYTES = 50_000_000
# The header of a safetensors file (Hub documentation: 100 MB).
SAFETENSORS_HEADER_MAX_BYTES = 100_000_000

# The front matter of a card, as text; the Hub's longest, with results by the hundred, have 300 kB.
CARD_MAX_CHARS = 1_000_000
