"""Addresses of marketing."""

from django.urls import path

from marketing.views import campaigns, many, reviews, segments, sources, surveys

app_name = "marketing"
urlpatterns = [
    path("", surveys.marketing_board, name="board"),
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/export/", many.survey_export, name="survey_export"),
    path("surveys/many/hand-off/", many.hand_off_surveys, name="hand_off_surveys"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/recover/", surveys.survey_recover, name="survey_recover"),
    path("surveys/<int:pk>/answer/", surveys.survey_answer, name="survey_answer"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/export/", many.review_export, name="review_export"),
    path("reviews/many/hand-off/", many.hand_off_reviews, name="hand_off_reviews"),
    path("reviews/new/", reviews.review_new, name="review_new"),
    path("reviews/site/", reviews.review_site, name="review_site"),
    path("reviews/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("reviews/<int:pk>/answer/", reviews.review_answer, name="review_answer"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/export/", sources.source_export, name="source_export"),
    path("sources/leads/", sources.source_leads, name="source_leads"),
    path("sources/leads/export/", many.source_lead_export, name="source_lead_export"),
    path("segments/", segments.segment_list, name="segment_list"),
    path("segments/export/", many.segment_export, name="segment_export"),
    path("segments/new/", segments.segment_new, name="segment_new"),
    path("segments/count/", segments.segment_count, name="segment_count"),
    path("segments/<int:pk>/", segments.segment_detail, name="segment_detail"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/export/", many.campaign_export, name="campaign_export"),
    path("campaigns/people/", campaigns.campaign_people, name="campaign_people"),
    path("campaigns/people/export/", many.campaign_people_export, name="campaign_people_export"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path("campaigns/check/", campaigns.campaign_check, name="campaign_check"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/approve/", campaigns.campaign_approve, name="campaign_approve"),
    path("campaigns/<int:pk>/stop/", campaigns.campaign_stop, name="campaign_stop"),
    path("customers/<int:pk>/", surveys.customer_panel, name="customer_panel"),
]
