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
