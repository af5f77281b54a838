"""Door: the JSON API. Views parse and answer; `exception_handler.py` gives errors their status."""
