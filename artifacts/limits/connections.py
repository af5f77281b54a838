"""What the server of one machine bears of its clients, before it knows who they are."""

# Open at once; a page of the staff site opens six. One more closes the one that has waited longest
# for its client, so that idle ones keep nobody out.
CONNECTIONS_MAX = 500
# Files, sockets and databases of this process; a connection may have three of them.
OPEN_FILES_WANTED = 4_096
# The first line and the headers together: browsers send under 4 kB, a signed link has under 1 kB.
HEADERS_MAX_BYTES = 32_000
# Longer bodies and answers than these wait in files.
BODY_IN_MEMORY_MAX_BYTES = 128_000
ANSWER_IN_MEMORY_MAX_BYTES = 256_000
# Headers come in one packet or two; who takes longer sends them by the letter (slowloris).
HEADERS_TIMEOUT_S = 10.0
# Between two requests of a connection, and before the first.
IDLE_TIMEOUT_S = 60.0
# Who sends a body or takes an answer has to keep to the rate in each window of time, as every line
# does that anybody would send a file over; what is broken off can be taken up where it was.
SLOW_TRANSFER_WINDOW_S = 30.0
CLIENT_MIN_BYTES_PER_S = 1_000
# Beside the bytes of chunks their sizes are sent: with chunks of one byte six times as much.
CHUNKED_OVERHEAD_FACTOR = 8
CHUNK_LINE_MAX_BYTES = 1_024
TRAILER_MAX_BYTES = 8_192
# After a refusal what comes of the body is thrown away for a moment: a connection that is closed on
# bytes under way is reset, and the client would not see the answer (RFC 9112 section 9.6).
LINGER_S = 3.0
LINGER_MAX_BYTES = 8_000_000
# When the server stops, requests that are being answered are finished; slow ones are cut off.
SERVER_GRACE_S = 5.0
# The same for tasks: what is not done by then is done again, once the lease is over.
WORKER_GRACE_S = 8.0
# A worker that still runs then is killed.
WORKER_KILLED_AFTER_S = 12.0
# What libraries do at the end of a process: a request that was cut off may still wait for a source.
# A busy machine takes a while to take a process down in good order.
EXIT_MAX_S = 5.0
# However it goes, nothing of the registry runs for longer than this after it was told to stop.
STOP_MAX_S = 25.0
