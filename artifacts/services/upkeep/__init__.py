"""Keeping the registry whole: reset, rebuild after a restore, clean-up, and the daily work.

The top room of the services: it may use all the others, and none of them uses it.
"""
