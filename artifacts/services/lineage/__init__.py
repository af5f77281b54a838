"""What an artifact was made from: finding its parents and linking the ones that are registered.

May use `access` and what lies below the services.
"""
