"""Addresses of sales."""

from django.urls import path

from sales.views import arrivals, leads

app_name = "sales"
urlpatterns = [
    path("", leads.lead_list, name="lead_list"),
    path("leads.csv", leads.lead_export, name="lead_export"),
    path("leads/new/", leads.lead_new, name="lead_new"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/close/", leads.lead_close, name="lead_close"),
    path("leads/<int:pk>/reopen/", leads.lead_reopen, name="lead_reopen"),
    path("leads/<int:pk>/hand-over/", leads.lead_hand_over, name="lead_hand_over"),
    path("arrivals/<int:pk>/", arrivals.arrival_detail, name="arrival_detail"),
    path("arrivals/<int:pk>/no-lead/", arrivals.arrival_dismiss, name="arrival_dismiss"),
    path("arrivals/<int:pk>/bring-back/", arrivals.arrival_bring_back, name="arrival_bring_back"),
    path("arrivals/<int:pk>/raw/", arrivals.arrival_raw, name="arrival_raw"),
    path("customers/<int:pk>/", leads.customer_panel, name="customer_panel"),
]
