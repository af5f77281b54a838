"""Statistics and probes."""

# A task is overdue if no worker took it for so long; workers poll several times a second.
TASK_OVERDUE_S = 60.0
# The same on Lambda, where each task wakes the function; an overdue one waits for the event of
# every minute.
TASK_OVERDUE_ON_LAMBDA_S = 10.0
HEALTH_WINDOW_MIN_MINUTES = 5
HEALTH_WINDOW_MAX_MINUTES = 1_440
HEALTH_WINDOW_DEFAULT_MINUTES = 60
# The longest that counts of requests wait in a process before they are written.
ACTIVITY_FLUSH_S = 5.0
ACTIVITY_FLUSH_REQUESTS = 500
# Counts are summed up by quarters of an hour, and longer windows than the latter are read from the
# sums: a day has 1,440 minutes, and 96 quarters. A quarter divides an hour, and the bars of charts.
ACTIVITY_QUARTER_MINUTES = 15
ACTIVITY_MINUTES_READ_MAX = 120
# A stopped component must not block the page that reports it.
HEALTH_PROBE_TIMEOUT_S = 2.0
# When to ask again after one of our components was lost: a failover takes a few seconds.
COMPONENT_RETRY_AFTER_S = 5.0
# The same while an operator restores or moves the registry, which takes minutes or hours.
MODE_RETRY_AFTER_S = 300
# A component that failed a request this recently is shown, even if it answers the probe now.
OUTAGE_SHOWN_S = 300
# A failure after so long counts as another outage.
OUTAGE_KEPT_S = 600
# A process records the same outage no more often than this.
OUTAGE_NOTED_EVERY_S = 5.0
# The address of a source: scheme, a host name of at most 253 characters, a port.
OUTAGE_KEY_MAX_CHARS = 300
OUTAGE_REASON_MAX_CHARS = 300
# Upper edges of the buckets in which latencies are counted, in milliseconds. A read takes 5 to 50,
# a search up to a second, what waits for a source up to ten. Percentiles are interpolated within a
# bucket, so each edge is at most 2.5 times the one before.
LATENCY_EDGES_MS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
# The table of clients has at most so many rows; a count up to five times as many is within 4 %.
CLIENT_MARKS = 4_096
# Requests that failed: kept in the table, and by a process until its next write.
FAILED_REQUESTS_KEPT = 200
FAILED_REQUESTS_WAITING_MAX = 50
FAILURE_REASON_MAX_CHARS = 300
# Bars of a chart: more are thinner than a finger, and a table of more rows is not read.
CHART_BARS_MAX = 60
# Routes in the table of latencies; those that are asked most.
ROUTES_SHOWN_MAX = 25
FAILURES_SHOWN_MAX = 50
