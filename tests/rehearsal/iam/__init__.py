"""What AWS would allow: policies and trust, judged for every call that the rehearsal sees.

- `policies.py`: the judge of one call by documents. Pure.
- `requests.py`, `s3.py`, `stacks.py`: what a request to AWS asks IAM for. Pure.
- `guard.py`: who asks, by which documents he is judged, what he is told.
- `door.py`: the guard of a bucket that is a server of its own.
- `ledger.py`: what was asked and which statement allowed it; each of them tried without.
"""
