"""The door for a WSGI server such as gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from zhibu.project import memory

memory.keep()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.project.settings")
application = get_wsgi_application()
gc.freeze()
