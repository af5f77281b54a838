"""The WSGI application that a web server or Lambda calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings.production")

application = get_wsgi_application()
