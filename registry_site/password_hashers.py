"""How passwords are hashed: as Django does with Argon2, never too many at once."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from artifacts.password_slots import Asker, slot


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's own, within a slot. The hashes are the same, and so is their name.

    Any door comes by here, one that is written tomorrow included.
    """

    def encode(self, password: str, salt: str) -> str:
        """Hash a password that is set; only who is signed in already, or an operator, does that."""
        with slot(Asker.KNOWN):
            encoded: str = super().encode(password, salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password."""
        with slot(Asker.STRANGER):
            is_right: bool = super().verify(password, encoded)
        return is_right
