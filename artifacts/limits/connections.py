"""What clients may cost the server of one machine before it knows who they are."""

# Connections open at once; a page of the staff site opens six. One more closes the connection that
# has waited longest for its client, so that idle ones keep nobody out.
CONNECTIONS_MAX = 500
# Open files, sockets and databases of this process; a connection may have three of them.
OPEN_FILES_WANTED = 4_096
# Request line and headers together: browsers send under 4 kB, a signed link has under 1 kB.
HEADERS_MAX_BYTES = 32_000
# Bodies and answers longer than these wait in files.
BODY_IN_MEMORY_MAX_BYTES = 128_000
ANSWER_IN_MEMORY_MAX_BYTES = 256_000
# Headers come in one or two packets; a client that takes longer sends letter by letter (slowloris).
HEADERS_TIMEOUT_S = 10.0
# Between two requests of a connection, and before the first.
IDLE_TIMEOUT_S = 60.0
# A client that sends a body or takes an answer must reach the rate in each window of time; every
# line fit for sending files does. Interrupted transfers can be resumed.
SLOW_TRANSFER_WINDOW_S = 30.0
CLIENT_MIN_BYTES_PER_S = 1_000
# A chunked body also carries the sizes of chunks: with one-byte chunks six times its bytes.
CHUNKED_OVERHEAD_FACTOR = 8
CHUNK_LINE_MAX_BYTES = 1_024
TRAILER_MAX_BYTES = 8_192
# After a refusal, the rest of the body is read and discarded for a moment. Closing a connection
# while bytes arrive resets it, and the client would not see the answer (RFC 9112 section 9.6).
LINGER_S = 3.0
LINGER_MAX_BYTES = 8_000_000
# How long running requests may take to finish when the server stops; slow ones are cut off.
SERVER_GRACE_S = 5.0
# The same for tasks: an unfinished task runs again once its lease has expired.
WORKER_GRACE_S = 8.0
# A worker that still runs then is killed.
WORKER_KILLED_AFTER_S = 12.0
# For the clean-up of libraries when a process ends: a request that was cut off may still wait for a
# source, and a busy machine is slow.
EXIT_MAX_S = 5.0
# No process of the registry ever runs longer than this after it was told to stop.
STOP_MAX_S = 25.0
