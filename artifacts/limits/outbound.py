"""Requests to sources, and the cache of their answers."""

CONNECT_TIMEOUT_S = 5.0
# A source that sends no byte for so long counts as lost.
READ_TIMEOUT_S = 20.0
# Registration must answer within the 29 s of an API gateway and needs time for the rest.
SNAPSHOT_DEADLINE_S = 10.0
REDIRECTS_MAX = 5
ATTEMPTS_MAX = 3
# A request does not wait for a longer Retry-After: the work is deferred to a task.
RETRY_AFTER_MAX_S = 20.0
# The longest wait that a source may demand of a task: GitHub's limits last an hour, none a day.
RETRY_AFTER_KEPT_MAX_S = 86_400.0
# The largest JSON answer: a tree page of 1,000 entries has 300 kB, GitHub's whole tree up to 7 MB.
JSON_MAX_BYTES = 20_000_000
# A card longer than this is cut; the Hub's longest are a few hundred kB.
README_MAX_BYTES = 1_000_000
# How much of a card is parsed for judging; the longest sensible ones have 100,000 characters.
README_PARSED_MAX_CHARS = 200_000
# config.json and other small files, which are read whole.
TEXT_FILE_MAX_BYTES = 2_000_000
# A license file; the longest known licenses have 40,000 characters.
LICENSE_FILE_MAX_BYTES = 200_000
CHUNK_BYTES = 1_048_576
# A cached answer is fresh for so long: models of one repository are registered together, and a few
# minutes do not change a rating.
CACHE_FRESH_S = 600
# Yesterday's facts are better than none while a source is silent.
CACHE_STALE_S = 86_400
CACHE_KEPT_S = 7 * 86_400
# A listing of 5,000 files; larger ones are fetched each time.
CACHE_BODY_MAX_BYTES = 1_000_000
# A source that failed longer ago, and was not asked since, may work again.
SOURCE_SILENCE_KEPT_S = 600
# A failure after so long counts as silence: it blocked the caller, unlike a refused connection.
SOURCE_SLOW_S = 4.0
# A source is silent after so many such failures in a row within so long. One or two may be a slow
# listing.
SOURCE_SILENT_AFTER = 3
SOURCE_SILENT_WITHIN_S = 60.0
# How long a silent source is left alone; then one request or task tries it. At worst one request in
# 30 s is blocked for its 10 s, and a source that works again is noticed 30 s later.
SOURCE_REST_S = 30.0
# The greatest age of what a process knows about failures in other instances.
SOURCE_LOOK_S = 2.0
# A transfer slower than this over a whole minute is given up and tried again later (slow bodies).
TRANSFER_MIN_BYTES_PER_S = 1_000
TRANSFER_RESUMES_MAX = 5
TRANSFER_CHECK_INTERVAL_S = 60.0
# The longest part of a transfer between two interruptions: 20 GB at 1 MB/s take under six hours.
TRANSFER_MAX_S = 6 * 60 * 60.0
# Objects of Git LFS asked for at once. An address is good for an hour, in which all are fetched.
LFS_BATCH_OBJECTS = 20
# Headers that an object's download may demand; GitHub demands up to three.
LFS_HEADERS_MAX = 10
