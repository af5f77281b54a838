"""Door: the staff site; one file per model stem. The site is `registry_site/admin_site.py`."""

from artifacts.admin import artifact, download, rating, records, sign_in, task, upload, user

__all__ = ["artifact", "download", "rating", "records", "sign_in", "task", "upload", "user"]
