"""Looking for code in files of models; `catalogue.py` lists the scanners, `scan.py` runs them."""
