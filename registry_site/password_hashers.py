"""Hashes passwords with Argon2 as Django does, but limits how many at once."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from artifacts.password_slots import Asker, slot


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's hasher, which waits for a slot first. Its hashes and their name stay the same.

    Everything that hashes passwords passes here, future code included.
    """

    def encode(self, password: str, salt: str) -> str:
        """Hash a new password; only a user who is signed in, or an operator, sets one."""
        with slot(Asker.KNOWN):
            encoded: str = super().encode(password, salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash."""
        with slot(Asker.STRANGER):
            is_right: bool = super().verify(password, encoded)
        return is_right
