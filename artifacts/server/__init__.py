"""The web server of one machine: waitress, with an end to what it bears.

`intake.py` judges a request by its headers, before its body is read; `channel.py` is a connection,
`listener.py` the port and its rules about connections. Why not another server: decision 0027.
"""
