"""How the registry is: health of its components, outages, the queue, probes, migrations.

May use every other room of the selectors.
"""
