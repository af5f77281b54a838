"""Settings for collecting the package's static files: no secret, no database."""

import os
from pathlib import Path

from registry_site.settings.base import *  # noqa: F403  (a settings module is its names)

SECRET_KEY = "collecting signs nothing"  # noqa: S105
STATIC_ROOT = Path(os.environ["REGISTRY_STATIC_ROOT"])
