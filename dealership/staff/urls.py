"""Addresses of people, and of a person's own affairs."""

from django.urls import path

from dealership.staff import security_views, views

app_name = "staff"
urlpatterns = [
    path("staff/switch/", views.switch_place, name="switch_place"),
    path("account/security/", security_views.security, name="security"),
    path("account/security/elsewhere/", security_views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/language/", security_views.speak, name="speak"),
    path("account/unlock/", security_views.unlock, name="unlock"),
    path("people/", views.person_list, name="person_list"),
    path("people/export/", views.person_export, name="person_export"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/password-link/", views.password_link, name="password_link"),
    path("people/<int:pk>/second-factor/", views.take_away_second_factor, name="take_away_second_factor"),
    path("people/<int:pk>/shifts/", views.shift_week, name="shift_week"),
    path("people/<int:pk>/away/", views.be_away, name="be_away"),
    path("people/<int:pk>/leave/", views.leave, name="leave"),
    path("people/<int:pk>/reinstate/", views.reinstate, name="reinstate"),
    path("people/absences/<int:pk>/end/", views.come_back, name="come_back"),
    path("people/teams/new/", views.team_new, name="team_new"),
    path("people/teams/<int:pk>/", views.team_detail, name="team_detail"),
]
