"""Registering by an address: the form, the preview and the progress."""
