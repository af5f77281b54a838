"""One file per metric; `artifacts.rules.rating.catalogue` lists them."""
