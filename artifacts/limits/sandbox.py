"""Programs that are run but not trusted."""

# A demonstration loads a model and runs it once; a longer run shows nothing more.
PROGRAM_TIMEOUT_S = 300.0
PROGRAM_CPU_S = 600
# Address space; libraries map far more than they use.
PROGRAM_MEMORY_BYTES = 16_000_000_000
PROGRAM_FILE_BYTES = 1_000_000_000
# How much of the end of its output is kept, which is the part that people read.
PROGRAM_OUTPUT_BYTES = 10_000
# Larger models are not unpacked for a demonstration.
DEMONSTRATED_MAX_BYTES = 5_000_000_000

# The program of a sensitive model, its monitor: a page of conditions, perhaps with a list of names.
# A record in the bucket and an answer hold all changes, so fifty of the longest make a megabyte.
MONITOR_PROGRAM_MAX_BYTES = 20_000
MONITOR_CHANGES_MAX = 50
# A request waits for it, and gateways end requests after 29 s.
MONITOR_TIMEOUT_S = 8.0
MONITOR_CPU_S = 6
# Address space, of which Node.js maps far more than it uses: with half of this it does not start.
MONITOR_MEMORY_BYTES = 2_147_483_648
# What JavaScript's own objects may take of it.
MONITOR_HEAP_MB = 256
# Node.js itself has a dozen threads; a program may start none.
MONITOR_PROCESSES_MAX = 40
MONITOR_OPEN_FILES_MAX = 64
# A program that prints more than this is no message to a person, and is ended.
MONITOR_PRINTED_MAX_BYTES = 1_000_000
# How much of the end of its output is kept, and how much of that an error repeats.
MONITOR_OUTPUT_MAX_CHARS = 4_000
MONITOR_SAID_MAX_CHARS = 1_000
# How many run at once in one process of the registry, each with up to 2 GB at the worst: the heap
# is small, but buffers lie outside of it, where only the bound of addresses holds. Then how many
# requests wait for their turn, each holding a thread of the server, and for how long.
MONITOR_SLOTS = 3
MONITOR_WAITING_MAX = 8
MONITOR_WAIT_MAX_S = 10.0
MONITOR_BUSY_RETRY_AFTER_S = 3
# A client of the Hub asks for each file of a snapshot alone: the verdict on the first one holds for
# the others of the same person, revision and program for so long.
MONITOR_VERDICT_LIFETIME_S = 300
# Bundles of S3 are copied to this machine for the program; larger ones would take too long while a
# client waits, and fill the disk.
MONITOR_FETCHED_MAX_BYTES = 500_000_000
# On AWS a function of its own fetches the zip and runs the program: both, and the start of Node.js,
# have to end before the registry's own gateway gives up after 29 s.
MONITOR_FETCH_TIMEOUT_S = 10.0
MONITOR_FUNCTION_TIMEOUT_S = 22
MONITOR_CALL_CONNECT_TIMEOUT_S = 2
MONITOR_CALL_READ_TIMEOUT_S = 24
# It holds the handler beside what the program may map, and on its disk a zip with room to spare.
MONITOR_FUNCTION_MEMORY_MB = 2_560
MONITOR_FUNCTION_DISK_MB = 1_024
# The link to the zip is used at once.
MONITOR_LINK_LIFETIME_S = 60

# Where the operator allows hosts (REGISTRY_MONITOR_HOSTS), a program asks a policy service a few
# questions; all of it lies within MONITOR_TIMEOUT_S. More requests would make it a crawler.
MONITOR_REQUESTS_MAX = 20
MONITOR_REQUEST_TIMEOUT_S = 5.0
# Of what it sends, which may be what the zip holds: a question, and no upload.
MONITOR_REQUEST_MAX_BYTES = 65_536
MONITOR_ANSWER_MAX_BYTES = 262_144
# A request as a line of JSON: its body in base64, an address and headers.
MONITOR_LINE_MAX_BYTES = 131_072
# Once the program has ended, for the list of what was asked in its name.
MONITOR_REPORT_TIMEOUT_S = 5.0
