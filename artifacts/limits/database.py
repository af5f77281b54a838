"""Connections and statements."""

# Until a server that does not answer is reported as lost; in the same network that takes
# milliseconds.
DATABASE_CONNECT_TIMEOUT_S = 4
# The server ends a statement of ours after this. The longest, a reset, takes under two seconds.
DATABASE_STATEMENT_TIMEOUT_S = 8
# An index of PostgreSQL takes rows of 2,704 bytes (a third of a page) with all of their columns;
# this leaves room for an id and a type beside the text.
INDEXED_TEXT_MAX_BYTES = 2_400
# The largest whole number of a column, on both databases; one in JSON that is larger becomes text.
WHOLE_NUMBER_MAX = 2**63 - 1
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
# Who wants tables, or to write, alone waits so long for each lock, and meanwhile everybody who
# comes after him waits too. Shorter than the second after which the server looks for deadlocks, so
# it is he who steps back. Then he lets go and tries again, a few times; most statements end within
# milliseconds.
SOLE_LOCK_TIMEOUT_MS = 400
SOLE_LOCK_ATTEMPTS = 4
SOLE_LOCK_PAUSE_S = 0.3

# SQLite has one writer at a time, for milliseconds. If nobody got on for so long, something else
# holds the file: a backup, a shell, a stopped process. Then few go on waiting, and the others are
# told at once that the file is busy: each that waits holds a thread of the server, and who only
# reads needs one too.
SQLITE_HELD_AFTER_S = 1.5
SQLITE_PATIENT_WRITERS_MAX = 8
# For one writer in all; well under the ten seconds that a component is waited for, since a request
# may have waited for another one before.
SQLITE_LOCK_MAX_S = 5.0
