"""Settings with which static files are collected for the package: no secret, no database."""

import os
from pathlib import Path

from registry_site.settings.base import *  # noqa: F403  (a settings module is its names)

SECRET_KEY = "collecting signs nothing"  # noqa: S105
STATIC_ROOT = Path(os.environ["REGISTRY_STATIC_ROOT"])
