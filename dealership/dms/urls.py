"""Imports: the feeds, their files, what is parked. The door for machines is in webhooks.py."""

from django.urls import path

from dealership.dms import feed_views, views

app_name = "dms"

urlpatterns = [
    path("", views.imports, name="imports"),
    path("upload/", views.upload, name="upload"),
    path("files/", views.file_list, name="file_list"),
    path("files/export/", views.file_export, name="file_export"),
    path("files/<int:pk>/", views.file_detail, name="file_detail"),
    path("files/<int:pk>/decide/", views.decide_held, name="decide_held"),
    path("feeds/", feed_views.feeds, name="feeds"),
    path("feeds/<int:pk>/stale/", feed_views.set_stale, name="set_stale"),
    path("feeds/<int:pk>/address/", feed_views.rotate_feed_address, name="rotate_feed_address"),
    path("feeds/<int:pk>/codes/", views.explain_code, name="explain_code"),
    path("records/<int:pk>/retry/", views.retry, name="retry"),
    path("records/<int:pk>/drop/", views.drop, name="drop"),
    path("records/<int:pk>/take-back/", views.take_back, name="take_back"),
]
