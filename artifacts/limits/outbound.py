"""Requests to sources, and what is kept of their answers."""

CONNECT_TIMEOUT_S = 5.0
# Silence between two bytes; a source that sends nothing for so long counts as lost.
READ_TIMEOUT_S = 20.0
# Registration has to answer within the 29 s of an API gateway, with room for the rest.
SNAPSHOT_DEADLINE_S = 10.0
REDIRECTS_MAX = 5
ATTEMPTS_MAX = 3
# A longer Retry-After is not waited for within a request: the work is deferred to a task.
RETRY_AFTER_MAX_S = 20.0
# What a source may ask of a task: GitHub's limits last an hour, nobody's a day.
RETRY_AFTER_KEPT_MAX_S = 86_400.0
# The largest JSON answer: a tree page of 1,000 entries has 300 kB, GitHub's whole tree up to 7 MB.
JSON_MAX_BYTES = 20_000_000
# A card longer than this is cut; the Hub's longest are a few hundred kB.
README_MAX_BYTES = 1_000_000
# How much of a card is taken apart to be judged; the longest sensible ones have 100,000 characters.
README_PARSED_MAX_CHARS = 200_000
# config.json and other small files that are read whole.
TEXT_FILE_MAX_BYTES = 2_000_000
CHUNK_BYTES = 1_048_576
# Kept answers: models of one repository are registered together, and nobody's rating changes by
# what happened there a few minutes ago.
CACHE_FRESH_S = 600
# Yesterday's facts are better than none while a source is silent.
CACHE_STALE_S = 86_400
CACHE_KEPT_S = 7 * 86_400
# A listing of 5,000 files; larger ones are asked for each time.
CACHE_BODY_MAX_BYTES = 1_000_000
# A source that failed longer ago, and was not asked since, may well be back.
SOURCE_SILENCE_KEPT_S = 600
# Slower than this over a whole minute, a transfer is given up and tried again later (slow bodies).
TRANSFER_MIN_BYTES_PER_S = 1_000
TRANSFER_RESUMES_MAX = 5
TRANSFER_CHECK_INTERVAL_S = 60.0
# Between two broken reads; 20 GB at 1 MB/s take under six hours.
TRANSFER_MAX_S = 6 * 60 * 60.0
