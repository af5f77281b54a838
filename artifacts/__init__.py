"""The registry: doors -> services and selectors -> sources and storage -> models -> rules."""
