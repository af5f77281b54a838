"""Work that continues after an answer."""

TASK_ATTEMPTS_MAX = 8
# Back-off before the next attempt: 2, 8, 32, 128, 512, 2,048, 3,600 seconds; two hours in all.
TASK_BACKOFF_BASE_S = 2.0
TASK_BACKOFF_FACTOR = 4.0
TASK_BACKOFF_MAX_S = 3_600.0
# How long a task keeps trying to fetch the content or rating of a registered artifact, finally once
# an hour; the Hub and GitHub are not known to have had longer outages.
TASK_PATIENCE_S = 7 * 86_400
# A worker that is alive renews its lease every third of this; a killed one loses it.
TASK_LEASE_S = 30.0
TASK_ERROR_MAX_CHARS = 4_000
# On Lambda a task ends with its invocation (900 s at most). This long before, it stops where it can
# continue later; that leaves time for the part that is being uploaded, and for the rows.
TASK_STOP_BEFORE_S = 15.0
# With less time than this left, no further task begins: a source may take a minute to answer
# (DEFERRED_SNAPSHOT_DEADLINE_S), and the task must stop cleanly.
TASK_START_MIN_S = 75.0
# A request waits for its wake-ups; within the region they take 20 ms.
WAKE_UP_CONNECT_TIMEOUT_S = 1.0
WAKE_UP_READ_TIMEOUT_S = 2.0
# More wake-ups at once are useless, since an instance that was woken runs whatever is due. New
# accounts have ten instances at a time, and requests need some of them.
WAKE_UPS_MAX = 5
WAKE_UPS_WINDOW_S = 1.0
# How long after a failed wake-up no other is sent; the event of every minute finds the tasks.
WAKE_UP_REST_S = 30.0
# How many tasks run at once on Lambda if the number of instances is not known: of the ten of a new
# account, requests need some.
TASKS_MAX_ON_LAMBDA = 5
# One in so many places, and at least one, is not given to tasks that take minutes: a rating must
# not wait for the downloads of others.
SHORT_TASKS_SHARE = 4
# How often a running task records its progress.
TASK_PROGRESS_INTERVAL_S = 2.0
# No gateway waits for a task, and a source may be slow because it is busy.
DEFERRED_SNAPSHOT_DEADLINE_S = 60.0
# How long a download right after the registration waits for the mirror before it is told to come
# back; small artifacts are stored by then.
DOWNLOAD_WAIT_S = 3.0
DOWNLOAD_POLL_S = 0.1
# How long finished tasks are kept for staff to look at.
TASK_HISTORY_DAYS = 30
