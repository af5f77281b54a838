"""Running the registry on one's own servers: docs/own-servers.md."""
