"""The WSGI application: all of Django, run by the thread pools in `asgi.py` or by any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.server.config.settings")

application = get_wsgi_application()
