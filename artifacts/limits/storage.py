"""The bucket, and clearing it up."""

ORPHAN_GRACE_HOURS = 24
# DeleteObjects accepts at most 1,000 keys (S3 API).
DELETE_BATCH_KEYS = 1_000
# The name of a generation: a number of twelve digits, a dash, 32 hexadecimal digits.
GENERATION_MAX_CHARS = 45
# How often every worker, or on Lambda the event of every minute, compares bucket and database: five
# small requests, nine cents a month.
GENERATION_WATCH_S = 60

# Parts of a multipart upload: 10,000 of them hold 160 GB (S3 API: all but the last have at least
# 5 MiB).
S3_PART_BYTES = 16_000_000
S3_PART_MIN_BYTES = 5_242_880
# The most that must be fetched again after a large transfer was interrupted. S3 joins a segment in
# a second or two, so the last one is finished before an invocation ends.
SEGMENT_BYTES = 256_000_000
# Transfers of smaller objects start again after an interruption.
SEGMENTED_MIN_BYTES = 50_000_000
# One range of a copy; S3 allows 5 GB.
S3_COPY_MAX_BYTES = 1_000_000_000
# One PUT; S3 allows 5 GB, and a presigned URL stands for one PUT.
S3_UPLOAD_MAX_BYTES = 5_000_000_000
# How much is requested after a seek, and at most during sequential reading.
S3_READ_AHEAD_MIN_BYTES = 65_536
S3_READ_AHEAD_MAX_BYTES = 8_388_608
# Joining and copying gigabytes takes S3 a while, and a transfer can wait.
S3_CONNECT_TIMEOUT_S = 3.0
S3_READ_TIMEOUT_S = 20.0
S3_ATTEMPTS_MAX = 3
# Within a request: a bucket in the same region answers in milliseconds. A silent one must be given
# up well before a gateway's 29 s, of which a source may have taken ten.
S3_QUICK_CONNECT_TIMEOUT_S = 2.0
S3_QUICK_READ_TIMEOUT_S = 3.5
S3_QUICK_ATTEMPTS_MAX = 2
# S3 refuses signatures by a clock that is further off (RequestTimeTooSkewed).
S3_CLOCK_OFF_MAX_S = 15 * 60
# One client serves every thread of a process.
S3_CONNECTIONS_MAX = 50
# Of them, for the many small files of one commit. They wait for the bucket, but signing takes this
# process's time, too: with more, other requests wait for it.
BUCKET_REQUESTS_AT_ONCE = 4

# A claim is the right to write a key in a bucket that would overwrite. It lasts longer than all
# attempts at a request together (S3_ATTEMPTS_MAX), because a sent request may still arrive.
KEY_CLAIM_LIFETIME_S = 120
# How long to wait for another writer's claim, and how often to check it.
KEY_CLAIM_WAIT_S = 5.0
KEY_CLAIM_POLL_S = 0.05
# How long a process trusts the result of the bucket's proof.
BUCKET_KNOWN_FOR_S = 600.0
# A refused bucket may have been repaired: after so long, the next use tries it again.
BUCKET_REFUSED_FOR_S = 60.0
# How long a request waits while another one tries the bucket.
BUCKET_PROOF_WAIT_S = 5.0
# How many writers write one key at once to test whether the bucket lets only one win.
BUCKET_PROOF_WRITERS = 8
# Credentials are requested again no more often than this.
CREDENTIALS_RETRY_S = 10.0
# How long replaced records of people are kept: long enough to notice a loss or a reset, short
# enough to forget deleted users.
PEOPLE_RECORDS_KEPT_DAYS = 30
# How many records of people are kept; each change writes one.
PEOPLE_RECORDS_MAX = 200
