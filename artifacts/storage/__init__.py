"""Where bytes rest. `keys.py` names them, `base.py` says what every place can do."""
