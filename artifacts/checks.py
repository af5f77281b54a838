"""Start-up checks, each with an id: they explain bad combinations of settings."""
