"""Connections and statements."""

# After this, a silent server is reported as lost; connecting within a network takes milliseconds.
DATABASE_CONNECT_TIMEOUT_S = 4
# The server ends our statements after this. The longest, a reset, takes under two seconds.
DATABASE_STATEMENT_TIMEOUT_S = 8
# A row in an index of PostgreSQL has at most 2,704 bytes (a third of a page); this leaves room for
# an id and a type beside the text.
INDEXED_TEXT_MAX_BYTES = 2_400
# The largest integer in a column of both databases; a larger one in JSON becomes text.
WHOLE_NUMBER_MAX = 2**63 - 1
# A server that is silent for longer than a statement may take has stopped, or its answer is lost.
# The request then ends with 503, well within the 29 s of an API gateway.
DATABASE_SILENCE_MAX_S = 9.0
# Checking whether a kept connection still works.
DATABASE_CHECK_MAX_S = 2.0
# How long a connection is kept for the next request. A longer time saves nothing, and idle
# instances of a function would hold connections that others need.
DATABASE_CONNECTION_MAX_AGE_S = 60
# The server closes connections that a frozen or killed instance left behind. Within a transaction
# it does so sooner, since others wait for its locks; the longest intended pause there is a deletion
# in the bucket, with three attempts. Between transactions, no task pauses longer than a function
# runs.
DATABASE_IDLE_IN_TRANSACTION_MAX_S = 90
DATABASE_IDLE_MAX_S = 900
# Connections that instances of the function must leave free: three that PostgreSQL reserves for its
# superuser, a few of RDS's own, a migration, an operator with psql.
DATABASE_SPARE_CONNECTIONS = 10
# How long an operation that needs exclusive locks waits for each of them; everybody who comes later
# waits meanwhile. It is shorter than the second after which the server looks for deadlocks, so that
# this operation gives way. It then releases its locks and tries again a few times; most statements
# end within milliseconds.
SOLE_LOCK_TIMEOUT_MS = 400
SOLE_LOCK_ATTEMPTS = 4
SOLE_LOCK_PAUSE_S = 0.3

# SQLite has one writer at a time, for milliseconds. If no writer makes progress for so long,
# another program holds the file: a backup, a shell, a stopped process. Then only a few may wait,
# and others are refused at once: each waiting writer holds a thread of the server, and readers need
# threads.
SQLITE_HELD_AFTER_S = 1.5
SQLITE_PATIENT_WRITERS_MAX = 8
# How long a writer waits for a file that another program holds; well under the ten seconds allowed
# for a component, since a request may have waited for another component before.
SQLITE_LOCK_MAX_S = 5.0
# How long a writer waits for its turn while others write, one after the other: all 32 threads of
# the server may be before it, at less than half a second each on a busy machine. It is answered
# before a gateway would give up.
SQLITE_TURN_MAX_S = 15.0
