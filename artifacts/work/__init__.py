"""Background work, after the response: queue, leases, clock, wake-ups, places for running tasks.

This room knows tasks as rows and jobs by name only. Services schedule jobs here and contain their
code; `artifacts/tasks` connects the two.
"""
