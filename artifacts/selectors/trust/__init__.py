"""What is known of an artifact's ratings, and the verdict and scores that pages show of them.

May use `lineage` and the rooms below it.
"""
