"""Evidence in, scores out. `evidence` is what a metric may use, `metric` what a metric is."""
