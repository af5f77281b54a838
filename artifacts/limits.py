"""Every cap on size, time, count or length, with its unit in the name and its reason."""

# ---------------------------------------------------------------------------- what clients send

# A Hub id has at most 96 + 1 + 96 characters; names of the same length must fit.
NAME_MAX_CHARS = 255
# Browsers and proxies stop near 2,000; no real source is longer.
URL_MAX_CHARS = 2_000
# The identity of a source: its kind and what its URL names.
SOURCE_KEY_MAX_CHARS = 2_000
# contract/decisions: regular expressions.
REGEX_MAX_CHARS = 1_000
# What RE2 may take for one expression; past it, it refuses or goes on more slowly.
REGEX_MEMORY_BYTES = 16_000_000
VERSION_RANGE_MAX_CHARS = 100
# Queries in one POST /artifacts; more answers 413.
QUERIES_MAX = 100
# contract/decisions: page size.
PAGE_SIZE = 100
# A search by expression answers one list without pages (contract), so it ends here with 413.
REGEX_RESULTS_MAX = 10_000
USERNAME_MAX_CHARS = 150
# Long enough for any phrase; hashing more only costs time that an attacker chooses.
PASSWORD_MAX_CHARS = 1_000

# ---------------------------------------------------------------------------- access

# Requirement D2: a token is good for so many calls, or for so long.
TOKEN_CALLS = 1_000
TOKEN_LIFETIME_S = 10 * 60 * 60
# A signed link has to outlive the start of a download, not the download itself.
LINK_LIFETIME_S = 15 * 60
UPLOAD_LINK_LIFETIME_S = 60 * 60

# ---------------------------------------------------------------------------- outbound requests

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

# ---------------------------------------------------------------------------- content

# GitHub lists at most 100,000 files in one tree; larger trees are kept as a link.
FILES_MAX = 100_000
# A path longer than this cannot be kept on common file systems.
PATH_MAX_CHARS = 1_000
# A listed size beyond this is a slip or a trap; a hundred thousand of them still fit a database's
# largest whole number. The Hub's largest file has 500 GB.
LISTED_SIZE_MAX_BYTES = 10_000_000_000_000
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

# ---------------------------------------------------------------------------- uploads

UPLOAD_MAX_BYTES = 20_000_000_000
# Larger zips are sent in parts: a lost connection then costs a part, and S3 takes 5 GB at once
# (S3 documentation, "Uploading objects": parts from 100 MB on).
UPLOAD_AT_ONCE_MAX_BYTES = 100_000_000
# Small enough to be hashed and sent again on a slow line; the largest zip has 1,250 of them (S3
# takes 10,000, of at least 5 MiB each).
UPLOAD_PART_BYTES = 16_000_000
# How many parts one call signs; sent one after the other, they keep a browser busy for a while.
UPLOAD_PARTS_SIGNED_MAX = 100
ZIP_MEMBERS_MAX = 10_000
# Deflate cannot pass 1,032:1; real text stays under 20:1, so above 200:1 it is a bomb.
ZIP_RATIO_MAX = 200
# The ratio is only judged above this size: a small file of zeros harms nobody.
ZIP_RATIO_FLOOR_BYTES = 10_000_000
ZIP_CENTRAL_DIRECTORY_MAX_BYTES = 50_000_000

# ---------------------------------------------------------------------------- tasks

TASK_ATTEMPTS_MAX = 8
# Back-off before the next attempt: 2, 8, 32, 128, 512, 2,048, 3,600 seconds; two hours in all.
TASK_BACKOFF_BASE_S = 2.0
TASK_BACKOFF_FACTOR = 4.0
TASK_BACKOFF_MAX_S = 3_600.0
# For so long content and rating of what is registered are asked for, every hour in the end; longer
# outages of the Hub or GitHub are unknown.
TASK_PATIENCE_S = 7 * 86_400
# A worker that is alive renews its lease every third of this; a killed one loses it.
TASK_LEASE_S = 30.0
TASK_ERROR_MAX_CHARS = 4_000
# On Lambda a task ends with its invocation (900 s at most). So long before that it stops where it
# can go on later: time for the part that is on its way to the bucket, and for the rows.
TASK_STOP_BEFORE_S = 15.0
# With less time than this left, no further task is begun: a source may take a minute to answer
# (DEFERRED_SNAPSHOT_DEADLINE_S), and the task has to stop well.
TASK_START_MIN_S = 75.0
# A request waits for its wake-ups: within the region they take 20 ms.
WAKE_UP_CONNECT_TIMEOUT_S = 1.0
WAKE_UP_READ_TIMEOUT_S = 2.0
# More at once wake nobody who is not awake: who is woken goes on with whatever is due. Accounts
# begin with ten instances at a time, and requests need some of them.
WAKE_UPS_MAX = 5
WAKE_UPS_WINDOW_S = 1.0
# After one that failed, the event of every minute is left to find the tasks.
WAKE_UP_REST_S = 30.0
# How often a running task writes how far it is.
TASK_PROGRESS_INTERVAL_S = 2.0
# A task has no gateway to answer to, and a source may be slow because it is busy.
DEFERRED_SNAPSHOT_DEADLINE_S = 60.0
# A download asked for right after the registration waits so long for the mirror before it is told
# to come back; small artifacts are there by then.
DOWNLOAD_WAIT_S = 3.0
DOWNLOAD_POLL_S = 0.1
# How long finished tasks are kept for staff to look at.
TASK_HISTORY_DAYS = 30

# ---------------------------------------------------------------------------- housekeeping

ORPHAN_GRACE_HOURS = 24
# DeleteObjects takes at most 1,000 keys (S3 API).
DELETE_BATCH_KEYS = 1_000

# Parts of a multipart upload: 10,000 of them hold 160 GB (S3 API: at least 5 MiB each, but the
# last).
S3_PART_BYTES = 16_000_000
S3_PART_MIN_BYTES = 5_242_880
# What a break of a large transfer costs at most is fetched again; S3 joins a piece in a second or
# two, so that the last one is in time before an invocation ends.
SEGMENT_BYTES = 256_000_000
# Smaller objects are begun anew after a break.
SEGMENTED_MIN_BYTES = 50_000_000
# One copied range; S3 allows 5 GB.
S3_COPY_MAX_BYTES = 1_000_000_000
# One PUT; S3 allows 5 GB, and a presigned address stands for one.
S3_UPLOAD_MAX_BYTES = 5_000_000_000
# How much is asked for after a jump, and at most while reading on.
S3_READ_AHEAD_MIN_BYTES = 65_536
S3_READ_AHEAD_MAX_BYTES = 8_388_608
# Joining and copying gigabytes takes S3 a while, and a transfer can wait.
S3_CONNECT_TIMEOUT_S = 3.0
S3_READ_TIMEOUT_S = 20.0
S3_ATTEMPTS_MAX = 3
# Within a request: a bucket in the same region answers in milliseconds, and one that says nothing
# has to be given up well before a gateway's 29 s, of which a source may have had ten.
S3_QUICK_CONNECT_TIMEOUT_S = 2.0
S3_QUICK_READ_TIMEOUT_S = 3.5
S3_QUICK_ATTEMPTS_MAX = 2
# S3 refuses what was signed by a clock that is further off (RequestTimeTooSkewed).
S3_CLOCK_OFF_MAX_S = 15 * 60
# One client serves every thread of a process.
S3_CONNECTIONS_MAX = 50

# ---------------------------------------------------------------------------- database

# Until a server that does not answer is reported as lost; in the same network that takes
# milliseconds.
DATABASE_CONNECT_TIMEOUT_S = 4
# The server ends a statement of ours after this. The longest, a reset, takes under two seconds.
DATABASE_STATEMENT_TIMEOUT_S = 8
# A server that says nothing for longer than it may work is stopped, or its answer is lost: the
# request ends with 503, well within the 29 s of an API gateway.
DATABASE_SILENCE_MAX_S = 9.0
# Looking whether a connection that was kept still works.
DATABASE_CHECK_MAX_S = 2.0
# For how long a connection is kept for the next request. Longer saves nothing, and the instances of
# a function that nobody calls would hold what others need.
DATABASE_CONNECTION_MAX_AGE_S = 60
# The server closes what a frozen or killed instance left behind. In the middle of a transaction
# sooner, since others wait for its locks; the longest pause that is meant there is a deletion in
# the bucket, at three attempts. Between two, no task is silent for longer than a function runs.
DATABASE_IDLE_IN_TRANSACTION_MAX_S = 90
DATABASE_IDLE_MAX_S = 900

# ---------------------------------------------------------------------------- health

# A task that nobody took for so long: workers look several times a second.
TASK_OVERDUE_S = 60.0
# The same where each task wakes the function: only the event of every minute finds it then.
TASK_OVERDUE_ON_LAMBDA_S = 10.0
HEALTH_WINDOW_MIN_MINUTES = 5
HEALTH_WINDOW_MAX_MINUTES = 1_440
HEALTH_WINDOW_DEFAULT_MINUTES = 60
# Counts of requests wait in a process for no longer than this before they are written.
ACTIVITY_FLUSH_S = 5.0
ACTIVITY_FLUSH_REQUESTS = 500
# A stopped component must not hang the page that reports it.
HEALTH_PROBE_TIMEOUT_S = 2.0
# When to ask again after a component of ours was lost: a failover takes a few seconds.
COMPONENT_RETRY_AFTER_S = 5.0

# ---------------------------------------------------------------------------- cards

# The front matter of a card, as text; the Hub's longest, with results by the hundred, have 300 kB.
CARD_MAX_CHARS = 1_000_000

# ---------------------------------------------------------------------------- rating

# A card that names more data sets than this is a list of what exists, not of what was used.
DATASETS_NAMED_MAX = 100
# Issue of the product: what a registration with its rating costs the Hub, redirects included.
RATING_HUB_REQUESTS_MAX = 8
# What of them is for the evidence: the snapshot takes five, one more for a gated or renamed model.
EVIDENCE_HUB_REQUESTS_MAX = 3
# Rating again is asked for by somebody who waits, or by a task: as long as a snapshot may take.
EVIDENCE_DEADLINE_S = 10.0

# ---------------------------------------------------------------------------- lineage and cost

# A merge of more models than this is a mistake, or an attack on everyone who draws it.
PARENTS_MAX = 100
# Issue of the product: the largest family that one answer shows.
LINEAGE_NODES_MAX = 10_000
# A row is read from both of its ends: families of 10,000 have two and a half parents each at most.
LINEAGE_EDGES_READ_MAX = 50_000
# Each of them gets a sum of its own; real models rest on a dozen things.
COST_DEPENDENCIES_MAX = 1_000

# ---------------------------------------------------------------------------- sandbox

# A demonstration loads a model and runs it once; what takes longer shows nothing more.
PROGRAM_TIMEOUT_S = 300.0
PROGRAM_CPU_S = 600
# Address space: libraries map far more than they use.
PROGRAM_MEMORY_BYTES = 16_000_000_000
PROGRAM_FILE_BYTES = 1_000_000_000
# The end of what it printed is what people read.
PROGRAM_OUTPUT_BYTES = 10_000
# Larger models are not laid out to be tried.
DEMONSTRATED_MAX_BYTES = 5_000_000_000
