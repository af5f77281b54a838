"""Runs programs that we do not trust. `programs` runs one, isolated from everything else."""
