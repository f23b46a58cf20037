"""Addresses of customers."""

from django.urls import path

from dealership.customers import about, acts, lists, living_together, views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="customer_list"),
    path("export/", lists.customer_export, name="customer_export"),
    path("give/", lists.give, name="give"),
    path("search/", views.search, name="search"),
    path("new/", views.customer_new, name="customer_new"),
    path("<int:pk>/", views.customer_detail, name="customer_detail"),
    path("<int:pk>/story/", views.story, name="story"),
    path("<int:pk>/about/", about.about, name="about"),
    path("<int:pk>/about/undo/", about.undo_edit, name="undo_edit"),
    path("<int:pk>/twins/", acts.twins, name="twins"),
    path("<int:pk>/merge/", acts.merge, name="merge"),
    path("<int:pk>/not-twins/", acts.not_twins, name="not_twins"),
    path("<int:pk>/household/", living_together.household_panel, name="household_panel"),
    path("<int:pk>/household/join/", living_together.join_household, name="join_household"),
    path("<int:pk>/household/part/", living_together.part_household, name="part_household"),
    path("contact-points/<int:pk>/primary/", acts.make_primary, name="make_primary"),
    path("contact-points/<int:pk>/give-up/", acts.give_up, name="give_up"),
    path("contact-points/<int:pk>/take-back/", acts.take_back, name="take_back"),
    path("merges/<int:pk>/undo/", acts.unmerge, name="unmerge"),
]
