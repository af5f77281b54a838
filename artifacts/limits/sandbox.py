"""Programs that are run but not trusted."""

# A demonstration loads a model and runs it once; what takes longer shows nothing more.
PROGRAM_TIMEOUT_S = 300.0
PROGRAM_CPU_S = 600
# Address space: libraries map far more than they use.
PROGRAM_MEMORY_BYTES = 16_000_000_000
PROGRAM_FILE_BYTES = 1_000_000_000
# The end of what it printed is what people read.
PROGRAM_OUTPUT_BYTES = 10_000
# Larger models are not laid out to be tried.
DEMONSTRATED_MAX_BYTES = 5_000_000_000
