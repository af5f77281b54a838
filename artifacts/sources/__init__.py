"""The outside world. `catalogue.py` lists the sources, `http.py` is the one way out."""
