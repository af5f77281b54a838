"""The web server for one machine: waitress with limits on what clients can cost it.

`intake.py` judges a request by its headers before its body is read; `channel.py` is a connection;
`listener.py` is the port with its rules about connections. Decision 0027 says why waitress.
"""
