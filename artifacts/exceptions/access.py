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

    def __init__(self, permission: str, message: str = "") -> None:
        """Name the permission, unless the message says what else would do."""
        super().__init__(
            message or f"This needs the permission {permission!r}. An administrator can grant it."
        )
        self.permission = permission


class NotTheOwner(PermissionMissing):
    """Somebody asked for what only the user whom the path names may do."""

    code = "not_the_owner"

    def __init__(self) -> None:
        """Say who can; administrators are no exception."""
        super().__init__("own", "Only the user whom the path names may do this.")


class ScopeMissing(PermissionMissing):
    """A token for programs is used for more than its scope."""

    code = "scope_missing"

    def __init__(self, permission: str, scope: str) -> None:
        """Say which token would do."""
        message = (
            "A token for programs never administers or decides, nor does it touch users and their "
            "tokens. "
            "Get a token with PUT /authenticate for this."
        )
        if permission == "upload":
            message = (
                f"This token has the scope {scope!r}. This needs one with the scope 'write', whose "
                "owner has the permission 'upload'."
            )
        super().__init__(permission, message)
        self.scope = scope


class TokenRateExceeded(RegistryError):
    """A token for programs had all its calls of this minute."""

    code = "token_rate_exceeded"
    retryable = True

    def __init__(self, calls_per_minute: int, retry_after_s: int) -> None:
        """Say when to try again."""
        super().__init__(
            f"This token has had its {calls_per_minute:,} calls of this minute. "
            f"Try again in {retry_after_s} seconds."
        )
        self.calls_per_minute = calls_per_minute
        self.retry_after_s = retry_after_s


class TooManyTokens(RegistryError):
    """A user has as many tokens for programs as one may have."""

    code = "too_many_tokens"

    def __init__(self, tokens_max: int) -> None:
        """Say what to do first."""
        super().__init__(
            f"You have {tokens_max} tokens for programs, the most that one user may have. Revoke "
            "one that nothing uses any more."
        )


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
