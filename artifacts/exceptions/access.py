"""Errors about users: who the caller is, and what the caller may not do."""

from __future__ import annotations

from artifacts.exceptions.base import RegistryError


class AuthenticationFailed(RegistryError):
    """The token is missing, malformed, unknown, expired or spent."""

    code = "authentication_failed"

    def __init__(self) -> None:
        """Say how to get a token; the exact reason would help only an attacker."""
        super().__init__(
            "The X-Authorization token is missing, expired or spent. "
            "Get a new one with PUT /authenticate."
        )


class SessionEnded(RegistryError):
    """The session of a page's request ended before the answer."""

    code = "session_ended"

    def __init__(self) -> None:
        """Say what may have happened."""
        super().__init__(
            "Your session ended meanwhile: by a reset, a new password, or signing out elsewhere. "
            "What you asked for may be done or not: sign in again and look."
        )


class CredentialsRefused(RegistryError):
    """User name or password are wrong."""

    code = "credentials_refused"

    def __init__(self) -> None:
        """Do not say which of the two is wrong."""
        super().__init__("The user or password is invalid.")


class PasswordsBusy(RegistryError):
    """More passwords are to be hashed at once than there is memory for."""

    code = "passwords_busy"
    retryable = True

    def __init__(self, retry_after_s: int) -> None:
        """Say when to try again."""
        super().__init__(
            "Too many passwords are being checked at this moment. "
            f"Try again in {retry_after_s} seconds."
        )
        self.retry_after_s = retry_after_s


class SignInDelayed(RegistryError):
    """Signing in failed too often for this user from this address, or from this address."""

    code = "sign_in_delayed"
    retryable = True

    def __init__(self, retry_after_s: int) -> None:
        """Say when to try again; the password was not checked."""
        super().__init__(
            f"Signing in failed too often. Try again in {retry_after_s} seconds; an administrator "
            "can lift the delay."
        )
        self.retry_after_s = retry_after_s


class PermissionMissing(RegistryError):
    """A known user lacks the permission for this."""

    code = "permission_missing"

    def __init__(self, permission: str) -> None:
        """Name the permission."""
        super().__init__(
            f"This needs the permission {permission!r}. An administrator can grant it."
        )
        self.permission = permission


class ResetForbidden(PermissionMissing):
    """A user who is not an administrator asked for a reset (the contract answers 401)."""

    code = "reset_forbidden"

    def __init__(self) -> None:
        """Name the role."""
        super().__init__("administrator")


class ResetOff(RegistryError):
    """An administrator asked for a reset, but the settings do not allow it."""

    code = "reset_off"

    def __init__(self) -> None:
        """Name the setting."""
        super().__init__(
            "This registry cannot be reset: REGISTRY_RESET is off. An operator can set it to on."
        )


class FormRefused(RegistryError):
    """A form came without the mark by which the registry knows its own forms."""

    code = "form_refused"

    def __init__(self) -> None:
        """Say what may have happened; nothing was done."""
        super().__init__(
            "The form was opened before you signed in or out, or your browser keeps no cookies. "
            "Go back, load its page anew, and send it again."
        )


class UserExists(RegistryError):
    """This user name is taken, or looks like one that is taken."""

    code = "user_exists"

    def __init__(self, username: str) -> None:
        """Name the user."""
        super().__init__(
            f"There is a user named {username!r}, or with a name that looks the same, already. "
            "Choose another name."
        )


class LastAdministrator(RegistryError):
    """Removing this user would leave nobody who can administer the registry."""

    code = "last_administrator"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            "This is the last administrator. Make another user an administrator first."
        )
