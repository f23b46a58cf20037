"""Addresses of promises. My day is the first page of the product."""

from django.urls import path

from tasks.views import acts, book, commands, day, facts, promise_list, seams

app_name = "tasks"
urlpatterns = [
    path("", day.my_day, name="my_day"),
    path("commands/", commands.commands, name="commands"),
    path("promises/", promise_list.promise_list, name="promise_list"),
    path("promises/export/", promise_list.promise_export, name="promise_export"),
    path("promises/many/hand-off/", promise_list.hand_off_many, name="hand_off_many"),
    path("promises/many/waive/", promise_list.waive_many, name="waive_many"),
    path("promises/new/", acts.make, name="make"),
    path("promises/new/customers/", acts.customer_choice, name="customer_choice"),
    path("promises/customer/<int:pk>/", day.customer_panel, name="customer_panel"),
    path("promises/about/<path:subject>/", day.subject_panel, name="subject_panel"),
    path("promises/<int:pk>/", day.promise_detail, name="promise_detail"),
    path("promises/<int:pk>/accept/", acts.accept, name="accept"),
    path("promises/<int:pk>/hand-off/", acts.hand_off, name="hand_off"),
    path("promises/<int:pk>/take-back/", acts.take_back, name="take_back"),
    path("promises/<int:pk>/waive/", acts.waive, name="waive"),
    path("promises/<int:pk>/unwaive/", acts.unwaive, name="unwaive"),
    path("promises/<int:pk>/new-time/", acts.renegotiate, name="renegotiate"),
    path("promises/<int:pk>/call/", acts.log_call, name="log_call"),
    path("promises/<int:pk>/done/", acts.finish, name="finish"),
    path("notices/seen/", day.see_notices, name="see_notices"),
    path("playbook/", book.playbook, name="playbook"),
    path("playbook/<slug:key>/", book.rule_detail, name="rule_detail"),
    path("seams/", seams.seams, name="seams"),
    path("seams/list/", seams.seam_list, name="seam_list"),
    path("seams/list/export/", seams.seam_list_export, name="seam_list_export"),
    path("seams/list/many/hand-off/", seams.seam_hand_off_many, name="seam_hand_off_many"),
    path("seams/list/many/waive/", seams.seam_waive_many, name="seam_waive_many"),
    path("seams/seams.csv", seams.seam_export, name="seam_export"),
    path("facts/", facts.failed_facts, name="failed_facts"),
    path("facts/export/", facts.fact_export, name="fact_export"),
    path("facts/many/again/", facts.facts_again, name="facts_again"),
    path("facts/<int:pk>/replay/", facts.replay_fact, name="replay_fact"),
]
