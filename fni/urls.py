"""Addresses of F&I."""

from django.urls import path

from fni.views import jackets, lists, many, panels, stips

app_name = "fni"
urlpatterns = [
    path("", lists.board_page, name="board"),
    path("in-transit/", lists.in_transit_list, name="in_transit_list"),
    path("in-transit.csv", lists.in_transit_export, name="in_transit_export"),
    path("in-transit/hand-off/", many.hand_off_contracts, name="hand_off_contracts"),
    path("stips/", lists.stip_list, name="stip_list"),
    path("stips/export/", lists.stip_export, name="stip_export"),
    path("stips/hand-off/", many.hand_off_stips, name="hand_off_stips"),
    path("stips/<int:pk>/asked/", stips.stip_asked, name="stip_asked"),
    path("stips/<int:pk>/text/", stips.stip_text, name="stip_text"),
    path("stips/<int:pk>/collect/", stips.stip_collect, name="stip_collect"),
    path("stips/<int:pk>/drop/", stips.stip_drop, name="stip_drop"),
    path("jackets/", lists.jacket_list_page, name="jacket_list"),
    path("jackets/export/", lists.jacket_export, name="jacket_export"),
    path("jackets/hand-off/", many.hand_off_jackets, name="hand_off_jackets"),
    path("jackets/number/<str:number>/", jackets.jacket_by_number, name="jacket_by_number"),
    path("jackets/<int:pk>/", jackets.jacket_detail, name="jacket_detail"),
    path("jackets/<int:pk>/take-in/", jackets.take_in, name="take_in"),
    path("jackets/<int:pk>/refuse/", jackets.refuse, name="refuse"),
    path("jackets/<int:pk>/describe/", jackets.describe, name="describe"),
    path("jackets/<int:pk>/contract/", jackets.contract, name="contract"),
    path("jackets/<int:pk>/send/", jackets.send, name="send"),
    path("jackets/<int:pk>/kick-back/", jackets.kick_back, name="kick_back"),
    path("jackets/<int:pk>/resend/", jackets.resend, name="resend"),
    path("jackets/<int:pk>/fund/", jackets.fund, name="fund"),
    path("jackets/<int:pk>/title/", jackets.send_title, name="send_title"),
    path("jackets/<int:pk>/put-away/", jackets.put_away, name="put_away"),
    path("jackets/<int:pk>/stips/", stips.stip_new, name="stip_new"),
    path("items/<int:pk>/", jackets.mark_item, name="mark_item"),
    path("customers/<int:pk>/", panels.customer_panel, name="customer_panel"),
    path("deals/<str:deal_number>/", panels.deal_panel, name="deal_panel"),
]
