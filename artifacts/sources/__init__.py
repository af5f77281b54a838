"""The outside world. `catalogue.py` lists the sources, `http.py` sends all requests to them."""
