"""Every address of the product. Departments bring their own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from dealership import health, live, web

APPS = (
    ("", "tasks.urls"),
    ("", "dealership.messaging.urls"),
    ("staff/", "dealership.staff.urls"),
    ("customers/", "dealership.customers.urls"),
    ("appointments/", "dealership.appointments.urls"),
    ("imports/", "dealership.dms.urls"),
    ("sales/", "sales.urls"),
    ("hooks/adf/", "sales.webhooks"),
    ("hooks/dms/", "dealership.dms.webhooks"),
    ("service/", "service.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("live/", live.poll, name="live"),
    path("rail/", web.rail_links, name="rail"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    *(path(prefix, include(module)) for prefix, module in APPS if find_spec(module)),
]
