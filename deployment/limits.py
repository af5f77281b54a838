"""Every limit of the operators' commands, with its unit in the name and its reason."""

# A gateway gives up after 29 s, so a longer answer never arrives.
CALL_TIMEOUT_S = 35.0
# New code is live within seconds of an update; a first start in a private network takes longest.
READY_TIMEOUT_S = 60.0
READY_PAUSE_S = 2.0
# After this, a refusal by the registry (of a wrong host, say) counts as final: instances with the
# former variables are gone within seconds.
REFUSED_S = 10.0
# A gateway's refusal counts as final later: a new gateway answers 403 and 404 for a while.
GATEWAY_REFUSED_S = 30.0
# A task fetches and bundles one megabyte within two seconds; the scheduled event that may wake it
# comes once a minute.
CONTENT_TIMEOUT_S = 100.0
CONTENT_PAUSE_MAX_S = 5.0
# The payload of the smoke test: one megabyte.
PAYLOAD_BYTES = 1_000_000
# The largest download is a package, of at most 50 MB.
ANSWER_MAX_BYTES = 60_000_000
# How much of an unexpected answer is shown.
EXCERPT_MAX_CHARS = 300

# Lambda's longest time limit for a function; migrations of large tables may need it.
MIGRATION_TIMEOUT_S = 900
# A migration function older than this is left over: its own time limit passed long ago.
MIGRATION_LEFTOVER_S = 1_800
# A function is ready within seconds, or in a private network within two minutes.
FUNCTION_READY_TIMEOUT_S = 300
FUNCTION_READY_PAUSE_S = 2
# The function for programs answers within its own time limit of 22 s, its start included.
PROGRAMS_CALL_TIMEOUT_S = 30
# Zappa uploads 30 MB and waits for CloudFormation; if it takes longer than this, it hangs.
ZAPPA_TIMEOUT_S = 1_200
# Zappa keeps five versions; one page of the listing holds fifty.
VERSIONS_MAX = 50
# How much of a log is shown after a failure.
LOG_LINES_MAX = 15

# Loading the models takes a second or two.
EXPAND_CHECK_TIMEOUT_S = 120
# Source: AWS Lambda Developer Guide, "Lambda quotas": all variables of a function together.
ENVIRONMENT_MAX_BYTES = 4_096
# Loading production's settings alone takes half a second.
START_CHECK_TIMEOUT_S = 60

# Two dozen alarms take CloudFormation a minute; if it takes 15 times that, it hangs.
STACK_TIMEOUT_S = 900
STACK_PAUSE_S = 3
# A Python prints its version within a fraction of a second, or on a busy machine within seconds.
INTERPRETER_TIMEOUT_S = 20
