"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdfi_portal.settings")

application = get_wsgi_application()
# Reading it imports every view, before the workers are made (`--preload`): the second or two that this takes is not
# for whoever comes first to wait.
get_resolver().reverse_dict  # noqa: B018
