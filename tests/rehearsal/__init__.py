"""The deployment, rehearsed on one machine: AWS's part is played by servers on loopback.

`make rehearsal` runs `rehearsal.py`. `cloud.py` puts the parts together: `aws_server.py` (the
services' interfaces), `functions.py` (Lambda), `instance.py` and `runtime_api.py` (one execution
environment), `gateway.py` and `events.py` (what turns HTTP into events and results into HTTP).
"""
