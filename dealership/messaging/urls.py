"""The inbox for people, the phones to play with, and the doors for machines: Twilio's webhooks and the simulated Twilio."""

from django.urls import path

from dealership.messaging import holding_views, many_views, photo_views, texting_views, views, webhooks
from dealership.messaging.simulator import carrier
from dealership.messaging.simulator import views as phones

app_name = "messaging"

API = "simulator/twilio/2010-04-01/Accounts/<str:account>"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/inbox.csv", views.inbox_export, name="inbox_export"),
    path("inbox/many/assign/", many_views.assign_many, name="assign_many"),
    path("inbox/many/put-away/", many_views.put_many_away, name="put_many_away"),
    path("inbox/<int:pk>/", views.conversation_detail, name="conversation_detail"),
    path("inbox/<int:pk>/thread/", views.thread, name="thread"),
    path("inbox/<int:pk>/composer/", views.composer, name="composer"),
    path("inbox/<int:pk>/ready-words/", views.ready_words, name="ready_words"),
    path("inbox/<int:pk>/writers/", views.writers, name="writers"),
    path("inbox/<int:pk>/send/", views.send_text, name="send_text"),
    path("inbox/<int:pk>/hold/", holding_views.hold_conversation, name="hold_conversation"),
    path("inbox/<int:pk>/hand-over/", holding_views.hand_over, name="hand_over"),
    path("inbox/<int:pk>/department/", holding_views.move_conversation, name="move_conversation"),
    path("inbox/<int:pk>/take-back/", holding_views.take_back, name="take_back"),
    path("inbox/<int:pk>/put-away/", holding_views.put_conversation_away, name="put_away"),
    path("inbox/<int:pk>/bring-back/", holding_views.bring_back, name="bring_back"),
    path("inbox/customers/<int:pk>/", views.customer_panel, name="customer_panel"),
    path("inbox/customers/<int:pk>/consent/", texting_views.consent_panel, name="consent_panel"),
    path("inbox/customers/<int:pk>/write/", views.write_first, name="write_first"),
    path("inbox/customers/<int:pk>/call/", views.log_call, name="log_call"),
    path("inbox/texts/<int:pk>/", texting_views.text_detail, name="text_detail"),
    path("photos/<int:pk>/", photo_views.photo, name="photo"),
    path("photos/out/<str:token>/", photo_views.photo_for_carrier, name="photo_for_carrier"),
    path("store/texts/", texting_views.texting, name="texting"),
    path("phones/", phones.phones, name="phones"),
    path("phones/start/", phones.start_text, name="start_text"),
    path("phones/<str:number>/", phones.phone_detail, name="phone_detail"),
    path("phones/<str:number>/write/", phones.write_as_customer, name="write_as_customer"),
    path("phones/<str:number>/behave/", phones.behave, name="behave"),
    path("twilio/inbound/", webhooks.twilio_inbound, name="twilio_inbound"),
    path("twilio/status/<uuid:uuid>/", webhooks.twilio_status, name="twilio_status"),
    path(f"{API}/Messages.json", carrier.messages, name="simulated_messages"),
    path(f"{API}/Messages/<str:sid>/Media/<str:media>", carrier.media, name="simulated_media"),
    path(f"{API}/Messages/<str:sid>.json", carrier.message, name="simulated_message"),
]
