"""Addresses of marketing."""

from django.urls import path

from marketing.views import surveys

app_name = "marketing"
urlpatterns = [
    path("", surveys.marketing_board, name="board"),
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/recover/", surveys.survey_recover, name="survey_recover"),
    path("surveys/<int:pk>/answer/", surveys.survey_answer, name="survey_answer"),
    path("customers/<int:pk>/", surveys.customer_panel, name="customer_panel"),
]
