"""What judging a stranger's content may cost."""

# CPU time of one judgement while a client waits. Cards of 100 kB take half of it on slow machines;
# what takes more is left to the task that rates again.
JUDGED_AT_ONCE_CPU_S = 1.0
# The same in a task. What takes more was made to: it is too much to read, and stays so.
JUDGED_IN_TASK_CPU_S = 10.0
# How often the clock of the CPU is looked at, which costs a call of the system.
JUDGED_CHECK_INTERVAL_S = 0.005

# Values (and escaped characters) in one JSON text. GitHub's largest tree, 100,000 files, has
# 700,000; a million take under 200 MB.
JSON_VALUES_MAX = 1_000_000
# So many are left to one call of the decoder, which then takes about twenty milliseconds.
JSON_VALUES_AT_ONCE_MAX = 50_000
# Records of ours, read by a command that rebuilds: the largest has 100,000 files and a README.
RECORD_VALUES_MAX = 5_000_000
# Records hold cards and configurations, which are nested up to DATA_DEPTH_MAX, a few levels down.
RECORD_DEPTH_MAX = 110
# Longer numbers, dates and truth values are none; long sexagesimal ones take quadratic time.
NUMBER_MAX_CHARS = 400
# Front matter: the Hub's longest, 300 kB of results, has 30,000.
YAML_NODES_MAX = 50_000

# Headings, links, cells, words in bold: the longest cards have 20,000. They hold the memory.
README_TOKENS_MAX = 100_000
# Each address in a README is judged by the words of its whole paragraph, so a paragraph of many
# addresses costs their number times its length. Lists of thousands of links stay far under this.
README_CONTEXT_MAX_CHARS = 4_000_000
# Addresses are kept and asked for up to URL_MAX_CHARS; encoding the host of a longer one takes
# quadratic time.
LINK_MAX_CHARS = 2_000

# The largest models have 140,000 tensors (384 experts of 61 layers, three matrices, each with its
# scale), over hundreds of files.
SAFETENSORS_TENSORS_MAX = 250_000
# One entry of a header, its free text among them.
SAFETENSORS_ENTRY_MAX_BYTES = 1_000_000
