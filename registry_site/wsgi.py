"""The WSGI application, which a web server or Lambda calls."""

from django.core.wsgi import get_wsgi_application

from registry_site.starting import choose_settings, refuse_wrong_combinations
from registry_site.static_files import refuse_uncollected

choose_settings("registry_site.settings.production")

_django = get_wsgi_application()
# Loaded by Django already; before that it could not be imported.
from registry_site.body_limits import with_readable_types  # noqa: E402

application = with_readable_types(_django)
refuse_wrong_combinations()
refuse_uncollected()
