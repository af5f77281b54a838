"""Sources that say what they are told."""

from tests.unit.services.conftest import outside, source

__all__ = ["outside", "source"]
