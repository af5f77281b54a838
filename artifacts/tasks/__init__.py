"""Door: background work. `table.py` lists the jobs; the runner and Lambda's events run them."""
