"""Every address of the product and who gets what there: the table that `test_urls` walks. A new address is entered here first.

`get` and `post` name who is let in, by the sets below; None where the method is not allowed (405). `row` names the row of the
world whose key the address takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


def _people(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: People of Northside, one for each set of rights.
EVERYBODY = _people("gus bea dana mo sam lia rosa ana lou sid tess pete pam faye tia max")
TALK = EVERYBODY - {"tess", "pete", "tia"}
SEE_LEADS = _people("gus bea dana mo sam lia faye max")
WORK_LEADS = SEE_LEADS - {"faye", "max"}
SEE_SERVICE = _people("gus bea dana mo rosa ana lou sid tess pete pam")
WORK_SERVICE = _people("gus rosa ana lou sid")
INSPECT = WORK_SERVICE | {"tess"}
MANAGE = _people("gus bea mo rosa pam")
SEE_DEALS = _people("gus bea dana mo sam lia faye tia max")
WORK_DEALS = _people("gus mo sam lia")
SEE_PARTS = _people("gus rosa ana lou sid tess pete pam")
ASK_PARTS = _people("gus rosa ana lou sid pete pam")
WORK_PARTS = _people("gus pete pam")
SEE_FNI = _people("gus mo sam lia faye tia")
WORK_FNI = _people("gus faye tia")
SEE_MARKETING = _people("gus bea mo rosa pam max")
WORK_MARKETING = _people("gus max")
RECOVER = _people("gus mo rosa")
SEE_SEAMS = _people("gus bea mo rosa pam faye max")
BOSS = _people("gus")
PLAY = EVERYBODY - {"tess"}

NO_MESSAGE = UUID("00000000-0000-4000-8000-000000000000")
#: What a conversation's form sends beside its words.
PRESSED = "9f1c2d3e-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Door:
    """One address for people."""

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    row: str = ""
    key: str | None = None
    #: What is posted; "{name}" stands for that row of the poster's own store.
    form: Mapping[str, str] = field(default_factory=dict)
    #: What those who are let in get for GET.
    answer: int = 200
    #: What they get with a row of the other store.
    strange: int = 404
    #: Who may is said by the row: one of the other store is not there, whoever asks.
    by_row: bool = False


WHY = {"why": "they said so"}
PERSON = {"role": "technician", "languages": "en", "capacity": "7"}
HOOK = {"name": "Warehouse", "address": "https://warehouse.net/kept", "kinds": "LeadReceived"}
PEOPLE: dict[str, Door] = {
    "rail": Door(EVERYBODY),
    "design": Door(EVERYBODY),
    "tasks:my_day": Door(EVERYBODY),
    "tasks:commands": Door(EVERYBODY),
    "tasks:promise_list": Door(EVERYBODY),
    "tasks:promise_export": Door(EVERYBODY),
    # Nothing is ticked: back to the list.
    "tasks:hand_off_many": Door(EVERYBODY, EVERYBODY, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "tasks:waive_many": Door(EVERYBODY, EVERYBODY, answer=302, form={**WHY, "n": "1"}),
    "tasks:make": Door(
        EVERYBODY,
        EVERYBODY,
        form={
            "sentence": "I call back",
            "due_at": "2026-11-24T15:00",
            "owner": "{me}",
            "customer": "{customer}",
        },
    ),
    "tasks:customer_choice": Door(EVERYBODY),
    "tasks:customer_panel": Door(EVERYBODY, row="customer"),
    # The other store's thing is a thing of which nothing was promised here.
    "tasks:subject_panel": Door(EVERYBODY, row="subject", strange=200),
    "tasks:promise_detail": Door(EVERYBODY, row="promise"),
    "tasks:accept": Door(post=EVERYBODY, row="handed"),
    "tasks:hand_off": Door(EVERYBODY, EVERYBODY, row="promise", form={**WHY, "to": "{boss}"}),
    "tasks:take_back": Door(post=EVERYBODY, row="handed"),
    "tasks:waive": Door(EVERYBODY, EVERYBODY, row="promise", form=WHY),
    "tasks:unwaive": Door(post=EVERYBODY, row="waived"),
    "tasks:renegotiate": Door(
        EVERYBODY, EVERYBODY, row="promise", form={"due_at": "2026-11-24T15:00", "words": "Tomorrow at three"}
    ),
    "tasks:log_call": Door(TALK, TALK, row="promise", form={"outcome": "voicemail", "note": "again"}),
    "tasks:finish": Door(EVERYBODY, EVERYBODY, row="promise", form=WHY),
    "tasks:see_notices": Door(post=EVERYBODY),
    "tasks:playbook": Door(EVERYBODY),
    "tasks:rule_detail": Door(
        EVERYBODY,
        MANAGE,
        key="answer_lead",
        form={**WHY, "amount": "7", "unit": "open_minutes", "is_on": "on"},
    ),
    "tasks:seams": Door(SEE_SEAMS),
    "tasks:seam_list": Door(SEE_SEAMS),
    "tasks:seam_list_export": Door(SEE_SEAMS),
    # Nothing is ticked: back to the list.
    "tasks:seam_hand_off_many": Door(
        SEE_SEAMS, SEE_SEAMS, answer=302, form={**WHY, "to": "{agent}", "n": "1"}
    ),
    "tasks:seam_waive_many": Door(SEE_SEAMS, SEE_SEAMS, answer=302, form={**WHY, "n": "1"}),
    "tasks:seam_export": Door(SEE_SEAMS),
    "tasks:failed_facts": Door(MANAGE),
    "tasks:fact_export": Door(MANAGE),
    "tasks:facts_again": Door(MANAGE, MANAGE, answer=302, form={"n": "1"}),
    "tasks:replay_fact": Door(post=MANAGE, row="fact"),
    "operations:overview": Door(BOSS),
    "operations:again": Door(post=BOSS, row="parked_fact", form={"kind": "fact"}),
    "messaging:inbox": Door(EVERYBODY),
    "messaging:inbox_export": Door(EVERYBODY),
    "messaging:conversation_detail": Door(EVERYBODY, row="conversation"),
    "messaging:thread": Door(EVERYBODY, row="conversation"),
    "messaging:composer": Door(TALK, row="conversation"),
    "messaging:ready_words": Door(TALK, row="conversation"),
    "messaging:writers": Door(TALK, row="conversation"),
    "messaging:send_text": Door(post=TALK, row="conversation", form={"body": "It is here", "key": PRESSED}),
    "messaging:hold_conversation": Door(post=TALK, row="conversation", form={"holder": "{me}"}),
    # Nothing is ticked: back to the list.
    "messaging:assign_many": Door(TALK, TALK, answer=302, form={"to": "{agent}", "n": "1"}),
    "messaging:put_many_away": Door(TALK, TALK, answer=302, form={"until": "2026-11-24T15:00", "n": "1"}),
    "messaging:hand_over": Door(TALK, row="conversation"),
    "messaging:move_conversation": Door(post=TALK, row="conversation", form={"department": "parts"}),
    "messaging:take_back": Door(post=TALK, row="conversation"),
    "messaging:put_away": Door(TALK, TALK, row="conversation", form={"until": "2026-11-24T15:00"}),
    "messaging:bring_back": Door(post=TALK, row="conversation"),
    "messaging:customer_panel": Door(EVERYBODY, row="customer"),
    "messaging:write_first": Door(post=TALK, row="customer", form={"body": "It is here", "key": PRESSED}),
    "messaging:consent_panel": Door(EVERYBODY, row="customer"),
    "messaging:log_call": Door(TALK, TALK, row="customer", form={"outcome": "voicemail", "note": "again"}),
    "messaging:text_detail": Door(EVERYBODY, row="text"),
    "messaging:photo": Door(EVERYBODY, row="photo"),
    "messaging:texting": Door(BOSS, BOSS, form={"segments_per_second": "12"}),
    "messaging:phones": Door(PLAY),
    "demo:day": Door(PLAY),
    "demo:run": Door(post=PLAY, form={"speed": "60"}),
    "demo:pause": Door(post=PLAY),
    "messaging:start_text": Door(post=PLAY, form={"number": "(973) 555-0199", "body": "Are you open?"}),
    "messaging:phone_detail": Door(PLAY, row="phone"),
    "messaging:write_as_customer": Door(post=PLAY, row="phone", form={"body": "Are you open?"}),
    "messaging:behave": Door(post=PLAY, row="phone", form={"behaviour": "late"}),
    "staff:person_list": Door(BOSS),
    "staff:person_export": Door(BOSS),
    "staff:person_new": Door(BOSS, BOSS, form={"name": "Poe", **PERSON}),
    "staff:person_detail": Door(BOSS, BOSS, row="person", form={"name": "Poe", **PERSON}),
    "staff:password_link": Door(post=BOSS, row="colleague"),
    "staff:take_away_second_factor": Door(post=BOSS, row="colleague", form=WHY),
    "staff:security": Door(EVERYBODY),
    "staff:sign_out_elsewhere": Door(post=EVERYBODY),
    "staff:speak": Door(post=EVERYBODY, form={"language": "es"}),
    "staff:unlock": Door(EVERYBODY, EVERYBODY, answer=302),
    "push:card": Door(EVERYBODY),
    "push:turn_on": Door(post=EVERYBODY, form={"endpoint": "https://fcm.googleapis.com/fcm/send/poe"}),
    "push:turn_off": Door(post=EVERYBODY, form={"device": "{device}"}),
    "push:try_out": Door(post=EVERYBODY),
    "push:news": Door(EVERYBODY),
    "staff:shift_week": Door(BOSS, BOSS, row="person", form={"opens-0": "08:00", "closes-0": "12:00"}),
    "staff:be_away": Door(post=BOSS, row="person", form={"until": "2026-11-23T18:00", "reason": "Poe"}),
    "staff:come_back": Door(post=BOSS, row="absence"),
    "staff:leave": Door(BOSS, BOSS, row="person"),
    "staff:reinstate": Door(post=BOSS, row="who_left"),
    "staff:team_new": Door(BOSS, BOSS, form={"name": "Poe", "department": "sales", "lead": "{agent}"}),
    "staff:team_detail": Door(
        BOSS, BOSS, row="team", form={"name": "Poe", "department": "sales", "lead": "{agent}"}
    ),
    "stores:overview": Door(BOSS),
    "stores:hours": Door(BOSS, BOSS, form={"opens-0": "08:00", "closes-0": "12:00"}),
    "stores:keep_store_hours": Door(post=BOSS, form={"department": "sales"}),
    "stores:day_list": Door(BOSS, BOSS, form={"day": "2026-12-24", "name": "Poe"}),
    "stores:add_usual_days": Door(post=BOSS, form={"year": "2026"}),
    "stores:remove_day": Door(post=BOSS, row="other_day"),
    "stores:set_texting": Door(post=BOSS, form={"texting": "off"}),
    "stores:set_signing_in": Door(post=BOSS, form={"idle_minutes": "20"}),
    "stores:rotate_lead_address": Door(post=BOSS),
    "stores:undo_change": Door(post=BOSS, row="change"),
    "staff:switch_place": Door(post=EVERYBODY, form={"place": "{me}"}),
    "customers:customer_list": Door(EVERYBODY),
    "customers:search": Door(EVERYBODY, answer=302),
    "customers:customer_export": Door(EVERYBODY),
    # Nobody is ticked: back to the list.
    "customers:give": Door(
        MANAGE, MANAGE, answer=302, form={"department": "sales", "to": "{agent}", "n": "1"}
    ),
    "lists:keep_view": Door(post=EVERYBODY, key="customers", form={"name": "Poe", "query": "language=es"}),
    "lists:forget_view": Door(post=EVERYBODY, row="list_view"),
    "lists:take_back": Door(post=MANAGE, row="given", by_row=True),
    "customers:customer_new": Door(
        TALK, TALK, form={"last": "Poe", "phone": "(973) 555-0198", "language": "en"}
    ),
    "customers:customer_detail": Door(EVERYBODY, row="customer"),
    "customers:story": Door(EVERYBODY, row="customer", answer=302),
    "customers:about": Door(EVERYBODY, TALK, row="customer", form={"edit": "name", "last": "Poe"}),
    "customers:undo_edit": Door(post=TALK, row="customer"),
    "customers:household_panel": Door(EVERYBODY, row="customer"),
    "customers:join_household": Door(post=TALK, row="customer", form={"other": "{twin}"}),
    "customers:part_household": Door(post=TALK, row="customer", form={"other": "{twin}"}),
    "customers:twins": Door(TALK, row="customer"),
    "customers:merge": Door(post=TALK, row="customer", form={"other": "{twin}"}),
    "customers:not_twins": Door(post=TALK, row="customer", form={"other": "{twin}"}),
    "customers:make_primary": Door(post=TALK, row="point"),
    "customers:give_up": Door(post=TALK, row="point", form=WHY),
    "customers:take_back": Door(post=TALK, row="gone_point"),
    "customers:unmerge": Door(post=TALK, row="merge"),
    "appointments:day": Door(EVERYBODY),
    "appointments:appointment_list": Door(EVERYBODY),
    "appointments:appointment_export": Door(EVERYBODY),
    "appointments:book": Door(
        TALK,
        TALK,
        form={"customer": "{customer}", "day": "2026-11-25", "time": "10:00", "department": "service"},
    ),
    "appointments:customer_panel": Door(EVERYBODY, row="customer"),
    "appointments:appointment_detail": Door(EVERYBODY, row="visit"),
    "appointments:confirm": Door(post=TALK, row="visit"),
    "appointments:move": Door(post=TALK, row="visit", form={"day": "2026-11-25", "time": "11:00"}),
    "appointments:move_and_answer": Door(
        TALK,
        TALK,
        row="visit",
        form={
            "slot": "2026-11-25 11:00",
            "body": "See you on Wednesday at eleven.",
            "key": "9f1c2d3e-0000-4000-8000-000000000031",
            "seen": "9000000000000000000",
            "version": "0",
        },
    ),
    "appointments:move_back": Door(post=TALK, row="visit"),
    "appointments:give": Door(post=TALK, row="visit", form={"to": "{agent}"}),
    "appointments:give_visits": Door(TALK, TALK, answer=302, form={"to": "{agent}", "n": "1"}),
    "appointments:check_in": Door(post=TALK, row="visit"),
    "appointments:cancel": Door(post=TALK, row="visit", form=WHY),
    "appointments:rebook": Door(post=TALK, row="cancelled_visit"),
    "appointments:plans": Door(
        BOSS, BOSS, form={"department": "service", "slot_minutes": "20", "per_slot": "2"}
    ),
    "appointments:lift_plan": Door(post=BOSS, form={"department": "service"}),
    "audit:trail": Door(BOSS),
    "audit:trail_export": Door(BOSS),
    "audit:affected": Door(BOSS),
    "audit:affected_export": Door(BOSS),
    "audit:see_alarm": Door(post=BOSS, row="alarm"),
    "audit:customer_history": Door(EVERYBODY, row="customer"),
    "audit:ro_history": Door(SEE_SERVICE, row="ro"),
    "audit:deal_history": Door(SEE_DEALS, row="deal"),
    "audit:staff_history": Door(BOSS, row="person"),
    "audit:store_history": Door(BOSS),
    "hooks:overview": Door(BOSS),
    "hooks:card": Door(BOSS),
    "hooks:hook_new": Door(BOSS, BOSS, form=HOOK),
    "hooks:hook_detail": Door(BOSS, BOSS, row="hook", form=HOOK),
    "hooks:switch": Door(post=BOSS, row="hook", form={"on": "off"}),
    "hooks:try_out": Door(post=BOSS, row="hook"),
    "hooks:replace_secret": Door(post=BOSS, row="hook"),
    "hooks:end_old_secret": Door(post=BOSS, row="hook"),
    "hooks:call_list": Door(BOSS),
    "hooks:call_export": Door(BOSS),
    "hooks:again_many": Door(BOSS, BOSS, answer=302, form={"n": "1"}),
    "hooks:again": Door(post=BOSS, row="parked_call"),
    "dms:feeds": Door(BOSS, BOSS, form={"kind": "SV"}),
    "dms:set_stale": Door(post=BOSS, row="feed", form={"minutes": "60"}),
    "dms:rotate_feed_address": Door(post=BOSS, row="feed"),
    "dms:imports": Door(MANAGE),
    "dms:file_list": Door(MANAGE),
    "dms:file_export": Door(MANAGE),
    "dms:upload": Door(post=MANAGE),
    "dms:file_detail": Door(MANAGE, row="file"),
    "dms:decide_held": Door(post=MANAGE, row="file"),
    "dms:explain_code": Door(post=MANAGE, row="feed", form={"code": "Q7", "meaning": "open"}),
    "dms:retry": Door(post=MANAGE, row="parked"),
    "dms:drop": Door(post=MANAGE, row="parked", form=WHY),
    "dms:take_back": Door(post=MANAGE, row="dropped"),
    "sales:lead_list": Door(SEE_LEADS),
    "sales:lead_export": Door(SEE_LEADS),
    # Nothing is ticked: back to the list.
    "sales:give_leads": Door(
        WORK_LEADS & MANAGE, WORK_LEADS & MANAGE, answer=302, form={**WHY, "to": "{agent}", "n": "1"}
    ),
    "sales:lose_leads": Door(WORK_LEADS, WORK_LEADS, answer=302, form={**WHY, "n": "1"}),
    "sales:lead_new": Door(
        WORK_LEADS,
        WORK_LEADS,
        form={"source": "Phone", "last": "Poe", "phone": "(973) 555-0197", "interest": "buy"},
    ),
    "sales:lead_detail": Door(SEE_LEADS, row="lead"),
    "sales:lead_close": Door(post=WORK_LEADS, row="lead", form={**WHY, "outcome": "lost"}),
    "sales:lead_reopen": Door(post=WORK_LEADS, row="closed_lead"),
    "sales:lead_hand_over": Door(post=WORK_LEADS, row="lead", form={**WHY, "to": "{agent}"}),
    "sales:arrival_detail": Door(
        WORK_LEADS,
        WORK_LEADS,
        row="arrival",
        form={"source": "Mail", "last": "Poe", "phone": "(973) 555-0196", "interest": "buy"},
    ),
    "sales:arrival_dismiss": Door(post=WORK_LEADS, row="arrival", form=WHY),
    "sales:arrival_bring_back": Door(post=WORK_LEADS, row="put_away"),
    "sales:arrival_raw": Door(SEE_LEADS, row="arrival"),
    "sales:customer_panel": Door(SEE_LEADS, row="customer"),
    "sales:deal_board": Door(SEE_DEALS),
    "sales:arrival_list": Door(SEE_LEADS),
    "sales:arrival_export": Door(SEE_LEADS),
    # Nothing is ticked: back to the list.
    "sales:dismiss_arrivals": Door(WORK_LEADS, WORK_LEADS, answer=302, form={**WHY, "n": "1"}),
    "sales:deal_list": Door(SEE_DEALS),
    "sales:deal_export": Door(SEE_DEALS),
    # Nothing is ticked: back to the list.
    "sales:hand_off_deals": Door(WORK_DEALS, WORK_DEALS, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "sales:we_owe_list": Door(SEE_DEALS),
    "sales:we_owe_export": Door(SEE_DEALS),
    "sales:deal_new": Door(
        WORK_DEALS,
        WORK_DEALS,
        form={"customer": "{customer}", "car": "2026 Poe", "salesperson": "{agent}"},
    ),
    "sales:deal_detail": Door(SEE_DEALS, row="deal"),
    "sales:deal_by_number": Door(SEE_DEALS, row="sold_number", answer=302),
    "sales:deal_agree": Door(post=WORK_DEALS, row="written_deal"),
    "sales:deal_mend": Door(post=WORK_DEALS, row="refused_deal", form={"what": "proof of income"}),
    "sales:deal_lose": Door(post=WORK_DEALS, row="written_deal", form=WHY),
    "sales:deal_plan": Door(post=WORK_DEALS, row="written_deal", form={"day": "2026-11-25", "time": "10:00"}),
    "sales:deal_deliver": Door(post=WORK_DEALS, row="refused_deal"),
    "sales:we_owe_new": Door(
        post=WORK_DEALS, row="deal", form={"item": "Floor mats", "on": "2026-11-27", "owner": "{agent}"}
    ),
    "sales:we_owe_move": Door(post=WORK_DEALS, row="we_owe", form={"on": "2026-11-28"}),
    "sales:we_owe_deliver": Door(post=WORK_DEALS, row="we_owe", form={"signed_by": "Poe"}),
    "sales:we_owe_drop": Door(post=WORK_DEALS, row="we_owe", form=WHY),
    "sales:stock_list": Door(SEE_DEALS),
    "sales:stock_export": Door(SEE_DEALS),
    "sales:unit_new": Door(
        WORK_DEALS,
        WORK_DEALS,
        form={"stock_number": "P1", "car": "2026 Poe", "how": "bought", "acquired_on": "2026-11-23"},
    ),
    "sales:unit_ready": Door(post=WORK_DEALS, row="unit"),
    "sales:unit_not_ready": Door(post=WORK_DEALS, row="unit"),
    # Nothing is ticked: back to the list.
    "sales:ready_units": Door(WORK_DEALS, WORK_DEALS, answer=302, form={"n": "1"}),
    "fni:board": Door(SEE_FNI),
    "fni:in_transit_list": Door(SEE_FNI),
    "fni:in_transit_export": Door(WORK_FNI),
    "fni:stip_list": Door(SEE_FNI),
    "fni:stip_export": Door(SEE_FNI),
    "fni:jacket_list": Door(SEE_FNI),
    "fni:jacket_export": Door(SEE_FNI),
    # Nothing is ticked: back to the list.
    "fni:hand_off_contracts": Door(WORK_FNI, WORK_FNI, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "fni:hand_off_jackets": Door(WORK_FNI, WORK_FNI, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "fni:hand_off_stips": Door(WORK_FNI, WORK_FNI, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "fni:stip_new": Door(post=WORK_FNI, row="boxed", form={"what": "References"}),
    "fni:stip_asked": Door(post=SEE_FNI, row="stip", form={"how": "phone"}),
    "fni:stip_text": Door(post=SEE_FNI & TALK, row="stip", form={"body": "Please bring it"}),
    "fni:stip_collect": Door(post=WORK_FNI, row="stip"),
    "fni:stip_drop": Door(post=WORK_FNI, row="stip", form=WHY),
    "fni:jacket_detail": Door(SEE_FNI, row="jacket"),
    "fni:jacket_by_number": Door(SEE_FNI, row="deal_number", answer=302),
    "fni:take_in": Door(post=WORK_FNI, row="jacket"),
    "fni:refuse": Door(post=WORK_FNI, row="jacket", form={"missing": "insurance", "words": "expired"}),
    "fni:describe": Door(post=WORK_FNI, row="jacket", form={"deal_type": "lease", "lender": "Ally"}),
    "fni:mark_item": Door(post=WORK_FNI, row="checklist_item", form={"state": "here"}),
    "fni:contract": Door(post=WORK_FNI, row="boxed", form={"lender": "Ally", "amount": "24500.50"}),
    "fni:send": Door(post=WORK_FNI, row="contracted"),
    "fni:kick_back": Door(post=WORK_FNI, row="sent_jacket", form=WHY),
    "fni:resend": Door(post=WORK_FNI, row="kicked_jacket"),
    "fni:fund": Door(post=WORK_FNI, row="sent_jacket", form={"paid_on": "2026-11-23"}),
    "fni:send_title": Door(post=WORK_FNI, row="funded_jacket", form={"proof": "1Z 999"}),
    "fni:put_away": Door(post=WORK_FNI, row="titled_jacket"),
    "fni:customer_panel": Door(SEE_FNI, row="customer"),
    # A deal of the other store is one that F&I has not got.
    "fni:deal_panel": Door(SEE_FNI, row="deal_number", strange=200),
    "service:lane": Door(SEE_SERVICE),
    "service:check_in": Door(WORK_SERVICE, WORK_SERVICE, row="visit", form={"lines": "{declined}"}),
    "service:move_stage": Door(post=INSPECT, row="ro", form={"stage": "ready"}),
    "service:repair_order_by_number": Door(SEE_SERVICE, row="ro_number", answer=302),
    "service:add_photo": Door(post=INSPECT, row="ro", form={"line": "{finding}"}),
    "service:write_note": Door(post=INSPECT, row="ro", form={"note": "They wait in the lounge"}),
    "service:set_promise_time": Door(
        post=WORK_SERVICE, row="ro", form={"day": "2026-11-24", "time": "16:00"}
    ),
    "service:new_time": Door(
        WORK_SERVICE,
        WORK_SERVICE,
        row="promised_ro",
        form={"day": "2026-11-25", "time": "16:00", "how": "phone", "key": PRESSED, **WHY},
    ),
    "service:tell_customer": Door(
        post=WORK_SERVICE, row="ro", form={"how": "text", "body": "It goes well", "key": PRESSED}
    ),
    "service:inspection": Door(
        INSPECT, INSPECT, row="ro", form={"n_green": "3", "row1-description": "Pads", "row1-colour": "red"}
    ),
    "service:add_finding": Door(post=WORK_SERVICE, row="ro", form={"description": "Pads", "colour": "red"}),
    "service:estimate": Door(
        WORK_SERVICE,
        WORK_SERVICE,
        row="promised_ro",
        form={"how": "phone", "key": PRESSED, "take_{open_finding}": "on", "price_{open_finding}": "90"},
    ),
    "service:settle_comeback": Door(
        post=WORK_SERVICE, row="comeback_ro", form={"is_comeback": "no", "now_right": "another noise"}
    ),
    "service:decide": Door(post=WORK_SERVICE, row="finding", form={"decision": "yes", "how": "phone"}),
    "service:repair_order_list": Door(SEE_SERVICE),
    "service:repair_order_export": Door(SEE_SERVICE),
    # Nothing is ticked: back to the list.
    "service:move_cars": Door(INSPECT, INSPECT, answer=302, form={"stage": "in_work", "n": "1"}),
    "service:hand_off_cars": Door(
        WORK_SERVICE & MANAGE, WORK_SERVICE & MANAGE, answer=302, form={**WHY, "to": "{agent}", "n": "1"}
    ),
    "service:repair_order_detail": Door(SEE_SERVICE, row="ro"),
    "service:tell_status": Door(post=WORK_SERVICE, row="ro"),
    "service:declined_work_list": Door(SEE_SERVICE),
    "service:declined_export": Door(SEE_SERVICE),
    # Nothing is ticked: back to the list.
    "service:hand_off_declined": Door(
        _people("gus rosa"),
        _people("gus rosa"),
        answer=302,
        form={**WHY, "to": "{agent}", "n": "1"},
    ),
    "service:close_declined": Door(post=WORK_SERVICE, row="declined", form=WHY),
    "service:book_declined": Door(
        post=WORK_SERVICE, row="declined", form={"day": "2026-11-25", "time": "10:00"}
    ),
    "service:customer_panel": Door(SEE_SERVICE, row="customer"),
    "service:booking_panel": Door(SEE_SERVICE, row="customer"),
    "marketing:board": Door(SEE_MARKETING),
    "marketing:survey_list": Door(SEE_MARKETING),
    "marketing:survey_export": Door(SEE_MARKETING),
    # Nothing is ticked: back to the list.
    "marketing:hand_off_surveys": Door(
        SEE_MARKETING, SEE_MARKETING, answer=302, form={**WHY, "to": "{agent}", "n": "1"}
    ),
    "marketing:survey_detail": Door(SEE_MARKETING, row="survey"),
    # It is about service: the sales manager recovers his own.
    "marketing:survey_recover": Door(
        post=RECOVER - {"mo"},
        row="survey",
        form={"what_went_wrong": "It was late", "what_was_done": "Said sorry", "is_resolved": "yes"},
    ),
    "marketing:survey_answer": Door(post=SEE_MARKETING, row="survey", form={"rating": "5"}),
    "marketing:review_list": Door(SEE_MARKETING),
    "marketing:review_export": Door(SEE_MARKETING),
    "marketing:hand_off_reviews": Door(
        SEE_MARKETING, SEE_MARKETING, answer=302, form={**WHY, "to": "{agent}", "n": "1"}
    ),
    "marketing:review_new": Door(
        WORK_MARKETING, WORK_MARKETING, form={"site": "Google", "stars": "2", "department": "service"}
    ),
    "marketing:review_site": Door(
        WORK_MARKETING, WORK_MARKETING, form={"name": "Google", "url": "https://g.example/poe"}
    ),
    "marketing:review_detail": Door(SEE_MARKETING, row="review"),
    "marketing:review_answer": Door(
        post=RECOVER - {"mo"}, row="review", form={"reply": "We called you", "contact": "unknown"}
    ),
    "marketing:source_list": Door(SEE_MARKETING),
    "marketing:source_export": Door(SEE_MARKETING),
    "marketing:source_leads": Door(SEE_MARKETING),
    "marketing:source_lead_export": Door(SEE_MARKETING),
    "marketing:segment_list": Door(SEE_MARKETING),
    "marketing:segment_export": Door(SEE_MARKETING),
    "marketing:segment_new": Door(
        WORK_MARKETING, WORK_MARKETING, form={"name": "Poe", "match": "all", "state": "NJ"}
    ),
    "marketing:segment_count": Door(SEE_MARKETING),
    "marketing:segment_detail": Door(
        SEE_MARKETING, WORK_MARKETING, row="segment", form={"name": "Poe", "match": "all", "state": "NJ"}
    ),
    "marketing:campaign_list": Door(SEE_MARKETING),
    "marketing:campaign_export": Door(SEE_MARKETING),
    "marketing:campaign_people": Door(SEE_MARKETING),
    "marketing:campaign_people_export": Door(SEE_MARKETING),
    "marketing:campaign_new": Door(
        WORK_MARKETING,
        WORK_MARKETING,
        form={
            "name": "Poe",
            "segment": "{segment}",
            "department": "service",
            "words": "Poe of {{store}}. Reply STOP to opt out.",
        },
    ),
    "marketing:campaign_check": Door(WORK_MARKETING),
    "marketing:campaign_detail": Door(SEE_MARKETING, row="campaign"),
    "marketing:campaign_edit": Door(
        WORK_MARKETING,
        WORK_MARKETING,
        row="draft",
        form={
            "name": "Poe",
            "segment": "{segment}",
            "department": "service",
            "words": "Poe of {{store}}. Reply STOP to opt out.",
        },
    ),
    "marketing:campaign_approve": Door(post=WORK_MARKETING, row="draft"),
    "marketing:campaign_stop": Door(post=WORK_MARKETING, row="campaign", form=WHY),
    "marketing:customer_panel": Door(SEE_MARKETING, row="customer"),
    "parts:parts_board": Door(SEE_PARTS),
    "parts:stock_list": Door(SEE_PARTS),
    "parts:stock_export": Door(SEE_PARTS),
    "parts:request_list": Door(SEE_PARTS),
    "parts:request_export": Door(SEE_PARTS),
    # Nothing is ticked: back to the list.
    "parts:hand_off_parts": Door(ASK_PARTS, ASK_PARTS, answer=302, form={**WHY, "to": "{agent}", "n": "1"}),
    "parts:move_parts": Door(WORK_PARTS, WORK_PARTS, answer=302, form={"eta_date": "2026-12-01", "n": "1"}),
    "parts:request_new": Door(
        ASK_PARTS, ASK_PARTS, form={"description": "Poe", "quantity": "1", "key": PRESSED}
    ),
    "parts:request_detail": Door(SEE_PARTS, row="part_ordered"),
    "parts:quote": Door(post=WORK_PARTS, row="part_asked", form={"price": "84.50"}),
    "parts:approve": Door(post=ASK_PARTS, row="part_quoted"),
    "parts:order": Door(
        get=WORK_PARTS, post=WORK_PARTS, row="part_quoted", form={"how": "daily", "eta_date": "2026-11-26"}
    ),
    "parts:change_eta": Door(
        post=WORK_PARTS, row="part_ordered", form={"reason": "eta", "eta_date": "2026-11-30"}
    ),
    "parts:ship": Door(post=WORK_PARTS, row="part_ordered"),
    "parts:receive": Door(post=WORK_PARTS, row="part_ordered", form={"n": "1", "had": "0", "bin": "A3"}),
    "parts:refuse": Door(post=WORK_PARTS, row="part_ordered", form={"reason": "wrong"}),
    "parts:tell_eta": Door(post=ASK_PARTS, row="part_ordered"),
    "parts:text_eta": Door(
        post=ASK_PARTS & TALK, row="part_ordered", form={"body": "It comes on Thursday", "key": PRESSED}
    ),
    "parts:install": Door(post=ASK_PARTS, row="part_here"),
    "parts:give_back": Door(post=WORK_PARTS, row="part_here", form={**WHY, "outcome": "returned"}),
    "parts:cancel": Door(post=ASK_PARTS, row="part_asked", form=WHY),
    "parts:customer_panel": Door(SEE_PARTS, row="customer"),
    # The other store's RO is one of which parts has not heard here.
    "parts:ro_panel": Door(SEE_PARTS, row="ro_number", strange=200),
}


#: Forms that take a file, which no table holds: they have tests of their own.
TAKE_A_FILE = frozenset({"dms:upload", "service:add_photo"})

#: What people may type beside what the table of addresses posts.
TYPED: Mapping[str, tuple[str, ...]] = {
    "customers:customer_new": ("first", "email"),
    "customers:about": ("first",),
    "appointments:book": ("concern", "transport", "vehicle", "person"),
    "appointments:confirm": ("back",),
    "sales:lead_new": ("first", "email", "year", "make", "model", "stock", "comments"),
    "sales:arrival_detail": ("first", "email", "comments"),
    "tasks:rule_detail": ("owner_role",),
    "messaging:log_call": ("subject",),
    "messaging:hold_conversation": ("take_over",),
    "messaging:send_text": ("seen",),
    "messaging:write_as_customer": ("word",),
    "dms:upload": ("kind",),
}


@dataclass(frozen=True)
class Open:
    """An address that asks for no sign-in: what it answers to anybody who has nothing but the address."""

    get: int
    post: int
    args: tuple[object, ...] = ()


@dataclass(frozen=True)
class Entrance:
    """A page of signing in, which is the library's: what nobody gets there, and what somebody who is signed in gets."""

    nobody: int
    signed_in: int
    args: tuple[object, ...] = ()
    #: What nobody gets for an empty form.
    posted: int = 302


#: 302 for nobody: to the sign-in. Pages of keys ask somebody who is signed in who they are once more (302) unless they just said so.
ENTRANCES: dict[str, Entrance] = {
    "account_login": Entrance(200, 302, posted=200),
    "account_logout": Entrance(302, 200),
    "account_inactive": Entrance(200, 200, posted=405),
    "account_signup": Entrance(200, 302, posted=200),
    "account_reauthenticate": Entrance(302, 200),
    "account_email": Entrance(404, 404, posted=404),
    "account_email_verification_sent": Entrance(404, 404, posted=404),
    "account_confirm_email": Entrance(404, 404, args=("x",), posted=404),
    "account_change_password": Entrance(302, 200),
    "account_set_password": Entrance(404, 404, posted=404),
    "account_reset_password": Entrance(200, 200, posted=200),
    "account_reset_password_done": Entrance(200, 200, posted=405),
    "account_reset_password_from_key": Entrance(200, 200, args=("x", "x"), posted=200),
    "account_reset_password_from_key_done": Entrance(200, 200, posted=405),
    "account_confirm_login_code": Entrance(404, 404, posted=404),
    "manifest": Entrance(200, 200, posted=405),
    "worker": Entrance(200, 200, posted=405),
    "offline": Entrance(200, 200, posted=405),
    "mfa_index": Entrance(302, 200, posted=405),
    "mfa_authenticate": Entrance(302, 302),
    "mfa_reauthenticate": Entrance(302, 302),
    "mfa_activate_totp": Entrance(302, 302),
    "mfa_deactivate_totp": Entrance(302, 404),
    "mfa_view_recovery_codes": Entrance(302, 404),
    "mfa_generate_recovery_codes": Entrance(302, 302),
    "mfa_download_recovery_codes": Entrance(302, 404),
    "mfa_list_webauthn": Entrance(302, 200),
    "mfa_add_webauthn": Entrance(302, 302),
    "mfa_reauthenticate_webauthn": Entrance(302, 302),
    "mfa_remove_webauthn": Entrance(302, 302, args=(1,)),
    "mfa_edit_webauthn": Entrance(302, 302, args=(1,)),
    "mfa_login_webauthn": Entrance(302, 302, posted=302),
}

#: Machines: their secret is in the address or in a signature, and neither is here.
MACHINES: dict[str, Open] = {
    # Only what machines call is spared the check for forged requests.
    "live": Open(get=401, post=403),
    "health_live": Open(get=200, post=403),
    "health_ready": Open(get=200, post=403),
    "leads_in:adf": Open(get=405, post=404, args=("no-such-token",)),
    "dms_hook": Open(get=405, post=404, args=("no-such-token",)),
    "messaging:twilio_inbound": Open(get=405, post=403),
    "messaging:twilio_status": Open(get=405, post=403, args=(NO_MESSAGE,)),
    "messaging:photo_for_carrier": Open(get=404, post=403, args=("no-such-token",)),
    "messaging:simulated_media": Open(
        get=401, post=401, args=("AC" + "0" * 32, "SM" + "0" * 32, "ME" + "0" * 32)
    ),
    "messaging:simulated_messages": Open(get=401, post=401, args=("AC" + "0" * 32,)),
    "messaging:simulated_message": Open(get=401, post=401, args=("AC" + "0" * 32, "SM" + "0" * 32)),
}
