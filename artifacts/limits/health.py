"""Statistics and probes."""

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
