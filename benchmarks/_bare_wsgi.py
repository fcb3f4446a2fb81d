"""The WSGI application of the comparison."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
