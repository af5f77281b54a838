"""Kills a whole registry at random moments, and looks for damage."""
