"""Work that goes on after an answer."""

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
