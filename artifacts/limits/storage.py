"""The bucket, and clearing it up."""

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

# The right to write a key, where the bucket itself would overwrite: longer than all attempts at a
# request together may take (S3_ATTEMPTS_MAX), because what was sent may still arrive.
KEY_CLAIM_LIFETIME_S = 120
# How long somebody else's right is waited for, and how often it is looked at.
KEY_CLAIM_WAIT_S = 5.0
KEY_CLAIM_POLL_S = 0.05
# How long a process believes what it has read of the proof.
BUCKET_KNOWN_FOR_S = 600.0
# A bucket that was refused may have been mended: tried again when it is needed after so long.
BUCKET_REFUSED_FOR_S = 60.0
# How long a request waits while another one tries the bucket.
BUCKET_PROOF_WAIT_S = 5.0
# How many write one key at once to see whether the bucket lets only one win.
BUCKET_PROOF_WRITERS = 8
# Asking for credentials anew is worth it no more often than this.
CREDENTIALS_RETRY_S = 10.0
