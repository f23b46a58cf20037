"""Every address of the product. Apps bring their own; upper packages are named by string only."""

from django.urls import include, path

from dealership import health, live, web

urlpatterns = [
    path("", include("tasks.urls")),
    path("", include("dealership.messaging.urls")),
    path("", include("dealership.demo.urls")),
    path("", include("dealership.staff.urls")),
    path("store/", include("dealership.stores.urls")),
    path("customers/", include("dealership.customers.urls")),
    path("appointments/", include("dealership.appointments.urls")),
    path("imports/", include("dealership.dms.urls")),
    path("sales/", include("sales.urls")),
    path("service/", include("service.urls")),
    path("fni/", include("fni.urls")),
    path("marketing/", include("marketing.urls")),
    path("parts/", include("parts.urls")),
    path("hooks/adf/", include("sales.webhooks")),
    path("hooks/dms/", include("dealership.dms.webhooks")),
    path("account/", include("allauth.account.urls")),
    path("live/", live.poll, name="live"),
    path("rail/", web.rail_links, name="rail"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
]
