"""How gunicorn serves the product, here and in the containers; the address and the number of workers are told to it."""

import gc
import os
from typing import Any

wsgi_app = "dealership.wsgi"
worker_class = "sync"  # pages are rendered, not awaited: threads and ASGI make them slower
preload_app = True
timeout = 60
graceful_timeout = 8
control_socket_disable = True
os.environ.setdefault("SERVES_PAGES", "1")  # the database gives up sooner for whoever waits for a page


def when_ready(server: Any) -> None:
    """Import every view once, before the workers are forked, and read the numbering plan; else each would at its first request."""
    from zoneinfo import ZoneInfo

    from django.urls import get_resolver

    from dealership.messaging import zones

    zones.where(None, None, "+12125550100", ZoneInfo("UTC"))  # 150 MB that the workers share
    patterns = get_resolver().url_patterns
    # What is loaded by now stays: the collector walks over it no more, and the workers go on sharing it.
    gc.collect()
    gc.freeze()
    server.log.info("Serving %s groups of addresses", len(patterns))
