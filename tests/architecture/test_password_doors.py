"""Passwords are compared and hashed in few places, which keep the rules; new doors use them."""

import re

import pytest

from registry_site.settings import base
from tests.modules import list_modules, name_of, read

FILES = [
    path for path in list_modules("artifacts", "registry_site") if "migrations" not in path.parts
]
# What is called -> who may. Everybody else asks `check_credentials`, or sets a password by a user.
ALLOWED = {
    r"\b(a?check_password|make_password|verify_password)\(": {
        "artifacts/models/user.py", "artifacts/services/access/passwords.py",
    },
    r"\b(argon2|hash_secret|pbkdf2|scrypt|bcrypt)\b": set(),
    r"\b(has|accept)_password\(": {
        "artifacts/services/access/authentication.py", "artifacts/services/access/passwords.py",
        "artifacts/services/access/users.py",
    },
    r"\bset_password\(": {
        "artifacts/models/user.py", "artifacts/services/access/users.py", "artifacts/admin/user.py",
    },
}  # fmt: skip


@pytest.mark.parametrize("call", ALLOWED)
def test_password_when_touched_then_only_where_the_rules_are_kept(call):
    assert len(FILES) > 150
    callers = {name_of(path) for path in FILES if re.search(call, read(path))}
    assert callers == ALLOWED[call]


def test_backends_when_listed_then_only_the_one_that_signs_in_as_the_api_does():
    assert base.AUTHENTICATION_BACKENDS == ["artifacts.admin.backends.RegistryBackend"]
