"""The bytes of artifacts: mirroring them from sources, uploads, bundles and downloads.

Knows nothing of how an artifact is registered. May use `trust` and the rooms below it.
"""
