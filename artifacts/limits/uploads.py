"""Zips that clients send, whole or in parts."""

UPLOAD_MAX_BYTES = 20_000_000_000
# Larger zips are sent in parts: a lost connection then costs a part, and S3 takes 5 GB at once
# (S3 documentation, "Uploading objects": parts from 100 MB on).
UPLOAD_AT_ONCE_MAX_BYTES = 100_000_000
# Where the bucket compares no digests, zips up to here are read and compared while they are
# registered; larger ones by a task (a bucket next door gives so much in a fraction of a second).
UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES = 16_000_000
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
# Extra fields of one member: times, ids, sizes beyond 4 GB take under a hundred. `zipfile` reads
# them in quadratic time.
ZIP_EXTRA_MAX_BYTES = 4_096
