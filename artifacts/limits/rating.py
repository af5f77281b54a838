"""Evidence, lineage and cost."""

# A card that names more data sets than this lists what exists, not what was used.
DATASETS_NAMED_MAX = 100
# Requests to the Hub that a registration with its rating may take, redirects included (the
# product's issue).
RATING_HUB_REQUESTS_MAX = 8
# How many of them the evidence may take: the snapshot takes five, one more for a gated or renamed
# model.
EVIDENCE_HUB_REQUESTS_MAX = 3
# The same to GitHub (the product's issue): five or six for the snapshot of a model there, or up to
# five for the code of one on the Hub. Without a token GitHub grants sixty an hour.
RATING_GITHUB_REQUESTS_MAX = 6
# The same for work that no registration waits for: without a token a snapshot, the texts of two
# repositories and all about one of them take up to twenty; some are asked for under an old name.
PATIENT_GITHUB_REQUESTS_MAX = 30
# How many files of `.eval_results/` a registration opens: each has the results of one benchmark,
# and the history and a data set have to be asked for as well.
RESULTS_FILES_MAX = 2
# How many files of results an upload's are read: as many as there are benchmarks that people use.
RESULTS_FILES_IN_ZIP_MAX = 50
# A file of results has a few hundred bytes for each result.
RESULTS_FILE_MAX_BYTES = 200_000
# The same for a rating that no registration waits for: the history, the base model's card, and up
# to forty-nine data sets with their cards. More for one model would be over a fifth of what the Hub
# grants an address without a token in five minutes.
PATIENT_HUB_REQUESTS_MAX = 100
# Croissant metadata: those of data sets with hundreds of subsets have a few hundred kB.
CROISSANT_MAX_BYTES = 2_000_000
# A client that reads a rating right after the registration waits for the task that completes it, as
# long as for a download (DOWNLOAD_WAIT_S); most are complete within a second.
RATING_WAIT_S = 3.0
RATING_POLL_S = 0.1
# An older rating is not waited for: then nobody works on it, or its source is slow.
RATING_FRESH_S = 10.0
# A waiting client or a task asks for a new rating, so it may take as long as a snapshot.
EVIDENCE_DEADLINE_S = 10.0

# A merge of more models than this is a mistake, or an attack on everybody who draws the graph.
PARENTS_MAX = 100
# Ancestors whose licenses bind a model: merges of merges have dozens.
BASES_MAX = 1_000
# The largest family that one answer shows (the product's issue).
LINEAGE_NODES_MAX = 10_000
# Each row is read from both its ends, so members of a family of 10,000 may have two and a half
# parents on average.
LINEAGE_EDGES_READ_MAX = 50_000
# The cost sums each of them separately; real models depend on a dozen artifacts.
COST_DEPENDENCIES_MAX = 1_000

# After an upgrade, so many models are rated again before the next ones have to wait: with the
# pause, each minute asks at most 30 times at GitHub, a third of what it allows with a token (5,000
# an hour), and rates 7,000 models a day.
RERATED_AT_ONCE_MAX = 5
RERATING_PAUSE_S = 60.0
# So many requests to the Hub belong to one pause; after more of them, as for models with dozens of
# data sets, it is longer in proportion. A fifth of what the Hub grants an address without a token.
RERATING_HUB_REQUESTS_MAX = 20
# The same after a batch for which no source answered: the limit of an hour may be used up.
RERATING_REST_S = 3_600.0
# Copies are looked for among so many registered models; with more in common, a card is a template.
COPIES_COMPARED_MAX = 10
# A text that models of so many other owners have is a template.
TEMPLATE_OWNERS_MIN = 3
# So many are looked at again when the original of their cards is registered.
COPIES_RATED_MAX = 50
# Rows of marks that a search reads, for 150 models with all marks of a card in common.
COPY_MARKS_READ_MAX = 5_000
# Files of weights by which a model is found: the largest say most, and shards may be hundreds.
COPY_WEIGHTS_MAX = 8
