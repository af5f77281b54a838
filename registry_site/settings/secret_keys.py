"""The secret key of an installation to which none is given."""

import os
import secrets
from pathlib import Path

from . import environment as env

_KEY_BYTES = 50


def kept_secret_key(folder: Path) -> str:
    """Return this installation's own key, made at the first start and stored beside the data.

    With a key from the source code, which would be the same everywhere, anybody could sign links.

    Raises:
        ImproperlyConfigured: the folder cannot be written.
    """
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or not path.stat().st_size:
            _make(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it holds something else"
        env.complain(
            "REGISTRY_DATA_DIR",
            "must name a folder that can be written to; its file secret_key cannot be used "
            f"({reason}).",
        )


def _make(path: Path) -> None:
    """Write a key atomically: the start may be killed, or another one may read at the same time."""
    own = path.with_name(f"secret_key.{os.getpid()}")
    own.unlink(missing_ok=True)
    try:
        with own.open("x", encoding="ascii") as file:
            own.chmod(0o600)
            file.write(secrets.token_urlsafe(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(own, path)
        except FileExistsError:
            if not path.stat().st_size:  # left by a killed start
                own.replace(path)
    finally:
        own.unlink(missing_ok=True)
