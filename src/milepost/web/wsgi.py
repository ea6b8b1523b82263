"""The door for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.web.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays: looking through it for garbage would hold up one page in thirty
gc.set_threshold(20_000, 20, 20)
