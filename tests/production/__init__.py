"""The registry as on a server of one's own, run here without containers: `make production-smoke`.

nginx, gunicorn, worker, PostgreSQL and an S3 server, put together from the very files of
`deployment/own`: the copies of the Dockerfile, the commands of the systemd units, the configuration
of nginx, the example of variables. Only hosts, ports and paths are others.
"""
