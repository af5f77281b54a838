"""Evidence, lineage and cost."""

# A card that names more data sets than this is a list of what exists, not of what was used.
DATASETS_NAMED_MAX = 100
# Issue of the product: what a registration with its rating costs the Hub, redirects included.
RATING_HUB_REQUESTS_MAX = 8
# What of them is for the evidence: the snapshot takes five, one more for a gated or renamed model.
EVIDENCE_HUB_REQUESTS_MAX = 3
# Rating again is asked for by somebody who waits, or by a task: as long as a snapshot may take.
EVIDENCE_DEADLINE_S = 10.0

# A merge of more models than this is a mistake, or an attack on everyone who draws it.
PARENTS_MAX = 100
# Issue of the product: the largest family that one answer shows.
LINEAGE_NODES_MAX = 10_000
# A row is read from both of its ends: families of 10,000 have two and a half parents each at most.
LINEAGE_EDGES_READ_MAX = 50_000
# Each of them gets a sum of its own; real models rest on a dozen things.
COST_DEPENDENCIES_MAX = 1_000
