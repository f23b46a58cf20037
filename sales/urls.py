"""Addresses of sales."""

from django.urls import path

from sales.views import arrivals, deals, lead_list, leads, stock, we_owes

app_name = "sales"
urlpatterns = [
    path("", lead_list.lead_list, name="lead_list"),
    path("leads.csv", lead_list.lead_export, name="lead_export"),
    path("leads/give/", lead_list.give_leads, name="give_leads"),
    path("leads/lose/", lead_list.lose_leads, name="lose_leads"),
    path("leads/new/", leads.lead_new, name="lead_new"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/close/", leads.lead_close, name="lead_close"),
    path("leads/<int:pk>/reopen/", leads.lead_reopen, name="lead_reopen"),
    path("leads/<int:pk>/hand-over/", leads.lead_hand_over, name="lead_hand_over"),
    path("arrivals/<int:pk>/", arrivals.arrival_detail, name="arrival_detail"),
    path("arrivals/<int:pk>/no-lead/", arrivals.arrival_dismiss, name="arrival_dismiss"),
    path("arrivals/<int:pk>/bring-back/", arrivals.arrival_bring_back, name="arrival_bring_back"),
    path("arrivals/<int:pk>/raw/", arrivals.arrival_raw, name="arrival_raw"),
    path("deals/", deals.deal_board, name="deal_board"),
    path("deals/new/", deals.deal_new, name="deal_new"),
    path("deals/number/<str:number>/", deals.deal_by_number, name="deal_by_number"),
    path("deals/<int:pk>/", deals.deal_detail, name="deal_detail"),
    path("deals/<int:pk>/agree/", deals.deal_agree, name="deal_agree"),
    path("deals/<int:pk>/mend/", deals.deal_mend, name="deal_mend"),
    path("deals/<int:pk>/lose/", deals.deal_lose, name="deal_lose"),
    path("deals/<int:pk>/plan/", deals.deal_plan, name="deal_plan"),
    path("deals/<int:pk>/deliver/", deals.deal_deliver, name="deal_deliver"),
    path("deals/<int:pk>/we-owes/", we_owes.we_owe_new, name="we_owe_new"),
    path("we-owes/<int:pk>/move/", we_owes.we_owe_move, name="we_owe_move"),
    path("we-owes/<int:pk>/deliver/", we_owes.we_owe_deliver, name="we_owe_deliver"),
    path("we-owes/<int:pk>/drop/", we_owes.we_owe_drop, name="we_owe_drop"),
    path("stock/", stock.stock_list, name="stock_list"),
    path("stock/many/ready/", stock.ready_units, name="ready_units"),
    path("stock/<int:pk>/not-ready/", stock.unit_not_ready, name="unit_not_ready"),
    path("stock/export/", stock.stock_export, name="stock_export"),
    path("stock/new/", stock.unit_new, name="unit_new"),
    path("stock/<int:pk>/ready/", stock.unit_ready, name="unit_ready"),
    path("customers/<int:pk>/", leads.customer_panel, name="customer_panel"),
]
