"""What the Hub's clients may ask for at once."""

# As many entries of a tree as the Hub's own pages have; with their digests they take 300 kB.
TREE_PAGE_SIZE = 1_000
# The list of files in an info; above that clients ask for the tree, which has pages. Its answer has
# to stay below what Lambda can send, with paths of 100 characters and their digests.
SIBLINGS_MAX = 10_000
# Clients ask for so many paths at once; the Hub refuses more.
PATHS_ASKED_MAX = 1_000
# Of so many paths that are no files it is looked whether they are folders: clients that ask for a
# folder ask for it alone, and each costs a query.
FOLDERS_ASKED_MAX = 10
# The owner of an id, and its name (huggingface_hub, `validate_repo_id`).
REPO_ID_PART_MAX_CHARS = 96
REPO_ID_MAX_CHARS = 2 * REPO_ID_PART_MAX_CHARS + 1
# A page of revisions, as the Hub's own pages of commits have.
COMMITS_PAGE_SIZE = 100
# One entry in the audit trail stands for what a user fetched of a revision in so much time: a
# snapshot of 500 files is one download to those who read the trail.
DOWNLOAD_WINDOW_S = 600
# A file up to this size is answered at once where the registry keeps it on its own disk: it fits
# into the memory that the web server has for an answer (ANSWER_IN_MEMORY_MAX_BYTES).
FILE_ANSWERED_MAX_BYTES = 200_000
# Downloads are told as those of so much time, as the Hub tells its own.
DOWNLOADS_COUNTED_S = 30 * 24 * 60 * 60
# How many of the newest revisions are named as tags.
TAGS_OF_REVISIONS_MAX = 1_000
# A page of a list; `@huggingface/hub` asks for as many, and clients follow the link to the next.
REPOSITORIES_PAGE_SIZE = 500
# What the cards, configurations and facts of a page may take together; JSON may write three bytes
# for one of theirs, and the answer has to stay below `ANSWER_MAX_BYTES`.
REPOSITORIES_PAGE_BYTES = 1_500_000
# So many tags may be asked for together; each is compared with each row, and some cost statements.
TAGS_ASKED_MAX = 20
# How many artifacts a page examines at most; the next page goes on from there.
REPOSITORIES_SEARCHED_MAX = 1_000
# Of so many artifacts with a name it is looked whether they came by another id.
NAMESAKES_READ_MAX = 50
# What a read registers (REGISTRY_HUB_PULL): what came of it counts for an hour, so whoever reads a
# refused model in a loop makes the registry ask 24 times a day.
PULL_KEPT_S = 60 * 60
# A request that asks for an id and has not ended by then has crashed: it lasts as long as a
# registration, which is below the 29 s of an API gateway.
PULL_LEASE_S = 60
# How long a request waits until something is registered, whoever asks for it, and how often it
# looks; and when a client should ask again after that.
PULL_WAIT_S = 15.0
PULL_POLL_S = 0.2
PULL_RETRY_AFTER_S = 5
# So many new ids an hour for one reader: a team that moves its programs here, not a crawler.
PULLS_OF_A_USER_MAX = 100
# The reasons of the gate, one sentence for each metric, and the longest key.
PULL_REFUSAL_MAX_CHARS = 4_000
PULL_KEY_MAX_CHARS = REPO_ID_MAX_CHARS + 10
