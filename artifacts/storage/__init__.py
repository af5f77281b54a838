"""Stores bytes in the bucket. `keys.py` names them; `base.py` defines what a store can do."""
