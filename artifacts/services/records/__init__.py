"""What the bucket keeps so that rows can be lost: records, tombstones, numbers, the generation.

May use `lineage`, `access` and what lies below the services.
"""
