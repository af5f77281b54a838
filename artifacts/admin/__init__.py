"""Door: the staff site; one file per model stem. The site is `registry_site/admin_site.py`."""

from artifacts.admin import (
    artifact,
    download,
    hub,
    look_alike,
    rating,
    records,
    scan,
    sign_in,
    task,
    upload,
    user,
)

__all__ = [
    "artifact",
    "download",
    "hub",
    "look_alike",
    "rating",
    "records",
    "scan",
    "sign_in",
    "task",
    "upload",
    "user",
]
