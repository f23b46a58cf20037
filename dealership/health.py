"""Is this process alive, and can it serve? For load balancers, containers and the person who is called at night."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from dealership import clock, disk
from dealership.database import watch
from dealership.models import Heartbeat

log = logging.getLogger(__name__)

#: The job whose pulse is the ticker's and the worker's: it runs every other second.
PULSE = "tasks.jobs.sweep_promises"
#: Seconds without it after which somebody should look.
SILENT_AFTER = 60


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, which takes PostgreSQL alone; 503 else.

    `status` is "ok", or "degraded" when Redis or the ticker is silent, row security is off, or the disk is full: pages work,
    but nothing is live, or promises are not swept, or only the product's own filters keep stores apart, or soon nothing can
    be kept. `ticker_age_s` is None before the first sweep.
    """
    try:
        age, trouble = _ticker_age(), watch.trouble()
    except DatabaseError as error:
        log.warning("Not ready: %s", error)
        return JsonResponse({"status": "down", "postgres": "does not answer"}, status=503)
    redis = _redis_answers()
    full = disk.is_full(settings.DATA_DIR)
    ticking = age is not None and age <= SILENT_AFTER
    body: dict[str, Any] = {
        "status": "ok" if redis and ticking and not trouble and not full else "degraded",
        "postgres": "ok",
        "redis": "ok" if redis else "does not answer",
        "ticker": "ok" if ticking else "silent",
        "ticker_age_s": age,
        "row_security": trouble or "ok",
        "disk": "full" if full else "ok",
    }
    return JsonResponse(body)


def _ticker_age() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    beat = Heartbeat.objects.filter(job=PULSE).values_list("at", flat=True).first()
    return None if beat is None else max(0, int((clock.real() - beat).total_seconds()))


def _redis_answers() -> bool:
    try:
        cache.get("health")
    except Exception as error:  # whatever ails Redis is what this is asked for
        log.warning("Redis does not answer: %s", error)
        return False
    return True
