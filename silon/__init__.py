"""The roof: settings, URLs, the embedded servers, the demo. It alone may know every app."""

from silon.celery import app as celery_app

__all__ = ["celery_app"]
