"""SPDX's list of licenses, with ScanCode's category of each, as license-expression ships it."""

from __future__ import annotations

from functools import lru_cache


def find_id(name: str) -> str:
    """Return SPDX's id of a license in its own spelling, "" for a name that is none."""
    return _ids().get(name.lower(), ("", ""))[0]


def find_category(name: str) -> str:
    """Return ScanCode's category of a license, such as `Permissive`; "" for none."""
    return _ids().get(name.lower(), ("", ""))[1]


@lru_cache(maxsize=1)
def _ids() -> dict[str, tuple[str, str]]:
    """Return id and category of each license by its id in lower case, exceptions left out.

    Former ids, such as `GPL-2.0+`, lead to the present ones.
    """
    # Imported only when needed: the list has a megabyte, and most licenses have rows of their own.
    from license_expression import get_license_index

    found: dict[str, tuple[str, str]] = {}
    for each in get_license_index():
        spdx_id = each.get("spdx_license_key") or ""
        if each.get("is_exception") or not spdx_id or spdx_id.startswith("LicenseRef-"):
            continue
        for name in (spdx_id, *each.get("other_spdx_license_keys", ())):
            found.setdefault(name.lower(), (spdx_id, str(each.get("category"))))
    return found
