"""Every address of the product. Apps bring their own; upper packages are named by string only."""

from django.urls import include, path

from dealership import design, health, home_screen, live, web

#: Django's names for whoever answers where somebody may not, where nothing is, and when something broke.
handler403, handler404, handler500 = (
    "dealership.web.forbidden",
    "dealership.web.missing",
    "dealership.outages.broke",
)

#: Pages of the library that are not ours: the store says by which e-mail somebody signs in, and nobody signs themselves up.
CLOSED = {
    "account/email/": "account_email",
    "account/confirm-email/": "account_email_verification_sent",
    "account/confirm-email/<str:key>/": "account_confirm_email",
    "account/login/code/confirm/": "account_confirm_login_code",
    "account/password/set/": "account_set_password",
}

urlpatterns = [
    *(path(address, web.closed, name=name) for address, name in CLOSED.items()),
    path("", include("tasks.urls")),
    path("", include("dealership.messaging.urls")),
    path("", include("dealership.demo.urls")),
    path("", include("dealership.staff.urls")),
    path("", include("dealership.push.urls")),
    path("store/", include("dealership.stores.urls")),
    path("store/hooks/", include("dealership.hooks.urls")),
    path("lists/", include("dealership.lists.urls")),
    path("customers/", include("dealership.customers.urls")),
    path("appointments/", include("dealership.appointments.urls")),
    path("imports/", include("dealership.dms.urls")),
    path("trail/", include("dealership.audit.urls")),
    path("operations/", include("dealership.operations.urls")),
    path("sales/", include("sales.urls")),
    path("service/", include("service.urls")),
    path("fni/", include("fni.urls")),
    path("marketing/", include("marketing.urls")),
    path("parts/", include("parts.urls")),
    path("hooks/adf/", include("sales.webhooks")),
    path("hooks/dms/", include("dealership.dms.webhooks")),
    path("account/", include("allauth.account.urls")),
    path("account/security/", include("allauth.mfa.urls")),
    path("live/", live.poll, name="live"),
    path("design/", design.page, name="design"),
    path("rail/", web.rail_links, name="rail"),
    path("manifest.webmanifest", home_screen.manifest, name="manifest"),
    path("worker.js", home_screen.worker, name="worker"),
    path("offline/", home_screen.offline, name="offline"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
]
