"""Zips that clients send, whole or in parts."""

UPLOAD_MAX_BYTES = 20_000_000_000
# Larger zips are sent in parts: a lost connection then costs one part, and S3 accepts at most 5 GB
# at once (S3 documentation, "Uploading objects", recommends parts from 100 MB on).
UPLOAD_AT_ONCE_MAX_BYTES = 100_000_000
# If the bucket compares no digests, the registration itself reads and compares zips up to this
# size, which takes a nearby bucket a fraction of a second; a task does so for larger ones.
UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES = 16_000_000
# Small enough to be hashed and sent again on a slow line; the largest zip has 1,250 parts (S3
# accepts 10,000, of at least 5 MiB each).
UPLOAD_PART_BYTES = 16_000_000
# How many parts one call signs; sent one after another, they keep a browser busy for a while.
UPLOAD_PARTS_SIGNED_MAX = 100
ZIP_MEMBERS_MAX = 10_000
# Deflate cannot pass 1,032:1; real text stays under 20:1, so much of more than 200:1 is a bomb.
ZIP_RATIO_MAX = 200
# The ratio is only judged above this size, which is unpacked in some seconds: fresh weights and
# masks are zeros, too.
ZIP_RATIO_FLOOR_BYTES = 1_000_000_000
ZIP_CENTRAL_DIRECTORY_MAX_BYTES = 50_000_000
# Extra fields of one member: times, ids and sizes beyond 4 GB take under a hundred bytes. `zipfile`
# reads them in quadratic time.
ZIP_EXTRA_MAX_BYTES = 4_096
