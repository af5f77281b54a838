"""Evidence in, scores out. `evidence` is what a metric may look at, `metric` what it is."""
