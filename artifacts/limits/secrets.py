"""Reading secrets that are kept in AWS."""

# Secrets are read while a process starts, and an instance on Lambda has ten seconds for its start.
SECRET_CONNECT_TIMEOUT_S = 2
SECRET_READ_TIMEOUT_S = 3
# A request that was throttled or interrupted is repeated once, immediately.
SECRET_ATTEMPTS_MAX = 2
# How much of AWS's message about a failure is shown.
SECRET_REASON_MAX_CHARS = 200
