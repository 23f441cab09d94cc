"""Wiring only: settings, URLs, Celery, WSGI, middleware and the local stack. No model and no rule."""

from sdfi_portal.celery import app as celery_app

__all__ = ["celery_app"]
