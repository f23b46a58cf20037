"""The Celery app: `celery -A dealership.celery worker`. It carries wake-ups; due work lives in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")
app = Celery("kept")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
# No apps of their own, and they have jobs.
app.autodiscover_tasks(["dealership.demo", "dealership.operations"], related_name="jobs")
