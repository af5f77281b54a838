"""What the Hub's clients write: commits, and the large files that are sent before them."""

# The body of a commit. Large files are not in it: a line about one has some 200 bytes, and small
# files come in base64. Lambda takes 6 MB, and a third less where a gateway passes bytes in base64.
COMMIT_BODY_MAX_BYTES = 4_000_000
# Lines of a commit, and files of an artifact that is made by commits: as many as a zip may have
# (ZIP_MEMBERS_MAX). Their paths are compared with each other while a client waits.
COMMIT_OPERATIONS_MAX = 10_000
COMMIT_FILES_MAX = 10_000
# What a page shows of a commit's message.
COMMIT_SUMMARY_MAX_CHARS = 200
# A file that clients are told to put into the commit itself: a card, a configuration.
REGULAR_FILE_MAX_BYTES = 100_000
# All of those of one question (256 files, by the clients' own constant): a folder of 1,500 files is
# asked about in six, and its commit stays below COMMIT_BODY_MAX_BYTES.
REGULAR_FILES_MAX_BYTES = 450_000
# Files of one question: huggingface_hub asks about 256 at once, @huggingface/hub about 100.
PREUPLOAD_FILES_MAX = 1_000
# Objects of one question about large files: 256 and 100.
LFS_OBJECTS_MAX = 1_000
# Signed addresses of one answer: with credentials of a role each has 1,500 bytes, and Lambda sends
# 6 MB. Where many large files are announced at once, their parts get larger.
LFS_PARTS_SIGNED_MAX = 2_000
# How long a client that has sent a large file waits until it is compared; the clients of 1.x and
# 2.x then ask five times more. A commit also waits for a source (SNAPSHOT_DEADLINE_S, 10 s), and a
# gateway gives up after 29 s.
LFS_VERIFY_WAIT_S = 20.0
LFS_COMMIT_WAIT_S = 14.0
LFS_POLL_S = 0.1
# When to come again: a task compares some 100 MB in a second.
LFS_RETRY_AFTER_S = 5
# Repositories of a user that have no commit yet. A repository is created a moment before its first
# commit; more of them are leftovers, and reserve names.
EMPTY_REPOSITORIES_MAX = 100
# How long a repository without a commit reserves its name.
EMPTY_REPOSITORY_DAYS = 30
