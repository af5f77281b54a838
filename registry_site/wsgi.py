"""The WSGI application, which a web server or Lambda calls."""

from django.core.wsgi import get_wsgi_application

from registry_site.starting import choose_settings, refuse_wrong_combinations
from registry_site.static_files import refuse_uncollected

choose_settings("registry_site.settings.production")

application = get_wsgi_application()
refuse_wrong_combinations()
refuse_uncollected()
