"""The WSGI door: `gunicorn dealership.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")
application = get_wsgi_application()
