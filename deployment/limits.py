"""Every bound of the operator's commands, with its unit in the name and its reason."""

# A gateway gives up after 29 s, so an answer that takes longer never comes.
CALL_TIMEOUT_S = 35.0
# New code is live within seconds of an update; a first start in a private network takes longest.
READY_TIMEOUT_S = 60.0
READY_PAUSE_S = 2.0
# A task fetches and bundles one megabyte in a second or two; its wake-up may come by the
# scheduled event, which is sent once a minute.
CONTENT_TIMEOUT_S = 100.0
CONTENT_PAUSE_MAX_S = 5.0
# The payload of the smoke test, as issue and gateway see it: one megabyte.
PAYLOAD_BYTES = 1_000_000
# The largest thing that is ever fetched is a package, which has at most 50 MB.
ANSWER_MAX_BYTES = 60_000_000
# What of an unexpected answer is shown.
EXCERPT_MAX_CHARS = 300

# The longest that Lambda lets a function work; migrations of large tables may need it.
MIGRATION_TIMEOUT_S = 900
# After its own time limit, a function that migrates is nobody's any more.
MIGRATION_LEFTOVER_S = 1_800
# A function is ready within seconds, one in a private network within a minute or two.
FUNCTION_READY_TIMEOUT_S = 300
FUNCTION_READY_PAUSE_S = 2
# Zappa uploads 30 MB and waits for CloudFormation; longer than this, it hangs.
ZAPPA_TIMEOUT_S = 1_200
# Zappa keeps five versions; one page of the listing holds fifty.
VERSIONS_MAX = 50
# How much of a log is shown when something failed.
LOG_LINES_MAX = 15

# Loading the models takes a second or two.
EXPAND_CHECK_TIMEOUT_S = 120
