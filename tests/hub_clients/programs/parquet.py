"""Writes a small file of columns to standard output, as pyarrow makes them."""

import io
import sys

import pyarrow as pa
from pyarrow import parquet

table = pa.table({"id": list(range(12)), "text": [f"sentence {each}" for each in range(12)]})
made = io.BytesIO()
parquet.write_table(table, made)
sys.stdout.buffer.write(made.getvalue())
