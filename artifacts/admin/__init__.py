"""Door: the staff site. One file per model stem; the site itself is `registry_site/admin_site.py`."""

from artifacts.admin import artifact, records, task, user

__all__ = ["artifact", "records", "task", "user"]
