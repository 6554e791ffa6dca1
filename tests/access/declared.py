"""The declarations, one for every address of the resolver."""

from dataclasses import replace

from tests.access.expectations import (
    ALL,
    CONDUCTORS,
    CONFIRMERS,
    COUNTY,
    EVERYBODY,
    EXPORTERS,
    FAR,
    HAZARD_READERS,
    INSPECTION_READERS,
    NEAR,
    ORDERERS,
    PLANNERS,
    RECHECKERS,
    RECTIFIERS,
    SIGNERS,
    STATION,
    STRANGER,
    Expect,
    act,
    alike,
    for_each,
    form,
    of_sign_in,
    page,
    token,
)

PEOPLE_READERS = ("bureau", "police", "head", "safety", "other_head")
CHANNEL_EDITORS = ("bureau", "police", "station", "station2", "head", *FAR)
# Who raises alarms for the school of the cast, and who sees the one that its guard has raised.
PRESSERS = ("police", "commander", "station", "station2", "head", "safety", "guard", "teacher", "counsellor")
ALARM_READERS = tuple(part for part in PRESSERS if part not in ("teacher", "counsellor"))
EXERCISERS = ("police", "commander", "station", "station2", "head", "safety", *FAR)
# Who sees an incident at the school of the cast, and who of these was called to it or commands it.
GIVERS = ("bureau", "head", "safety", "other_head")
MINE = Expect(get={200: ALL}, foreign=None)

# Who sees the plan, who sees where the school of the cast stands, and who of these does not speak for it.
PLAN_READERS = (*COUNTY, *STATION, "town", "head", "safety", *FAR)
DUTY_READERS = tuple(part for part in PLAN_READERS if part not in (*FAR, "health"))
# Names of people stand in supplements and on notices: for those who take ledgers out.
SUPPLEMENT_READERS = tuple(part for part in DUTY_READERS if part in EXPORTERS)
PAPER_READERS = tuple(part for part in HAZARD_READERS if part in EXPORTERS)
NO_HEAD = tuple(part for part in DUTY_READERS if part != "head")
NO_SCHOOL = tuple(part for part in DUTY_READERS if part not in RECTIFIERS)
# Units and shifts are security-sensitive: the school itself, its station, the bureau, county police, command centre.
UNIT_READERS = ("bureau", "police", "commander", "station", "station2", "head", "safety")
CONTINGENCY_READERS = (*UNIT_READERS, "vice_principal")
SHIFT_EDITORS = ("commander", "station", "station2", "head", "safety", *FAR)
NOT_OF_SCHOOL = tuple(part for part in NEAR if part not in RECTIFIERS)
OTHERS_AT_SCHOOL = ("guard", "teacher", "counsellor", "volunteer")

# Where alarm devices stand is security-sensitive: the school's own, its station, the bureau, police and command centre.
DEVICE_READERS = ("bureau", "police", "commander", "station", "station2", "head", "safety")
DEVICE_KEEPERS = ("bureau", "police", "head", "safety")
ALL_DEVICE_KEEPERS = (*DEVICE_KEEPERS, "other_head")
# Who reads the incidents of the school of the cast, brings warnings in, sets receivers outside up.
INCIDENT_READERS = ("bureau", "police", "commander", "leader", "station", "station2", "head", "safety")
WARNERS = ("bureau", "police", "commander")
RECEIVER_KEEPERS = ("police", "commander")
# Who reads incidents, who was called to that of the scene, who commands or runs exercises over its school.
INCIDENT_READERS = ("bureau", "police", "commander", "leader", "station", "station2", "head", "safety")
AT_INCIDENT = (*INCIDENT_READERS, "guard")
COMMANDERS = ("police", "commander", "station", "station2")
HANDLERS = (*COMMANDERS, "head", "safety", "guard")
REVIEWERS = ("bureau", "police", "commander", "station", "station2", "head", "safety")
RELEASERS = ("bureau", "police", "commander", "head")

LEDGER_READERS = {
    "hazards": (*HAZARD_READERS, *FAR),
    "inspections": (*INSPECTION_READERS, *FAR),
    "notices": (*HAZARD_READERS, *FAR),
    "supervisions": (*HAZARD_READERS, *FAR),
    "devices": (*DEVICE_READERS, *FAR),
    "schools": EVERYBODY,
    "organisations": EVERYBODY,
    "people": PEOPLE_READERS,
    "incidents": (*INCIDENT_READERS, *FAR),
}
COLUMN_SETS = {
    "hazards": ("education", "police", "fire", "township", "province"),
    "inspections": ("education",),
    "notices": ("education", "police"),
    "supervisions": ("education",),
    "schools": ("education", "police"),
}
IMPORTERS = {"schools": ("bureau",), "people": ("bureau",), "hazards": ("bureau", "police")}
# Who gave the workbooks of the scene: a run is seen by its own organisation.
GIVER = ("bureau",)
SHAPERS = ("bureau", "police")

EXPECTED: dict[str, Expect] = {
    # pages over all modules
    "web:today": page(*ALL),
    "web:map": page(*ALL),
    "web:search": page(*ALL),
    "dev_outbox": page(*ALL),
    "healthz_alarms": Expect(get={503: ALL}, stranger=503, foreign=None),
    "web:healthz": Expect(get={200: ALL}, stranger=200, foreign=None),
    "web:schools": Expect(
        get={200: tuple(part for part in ALL if part not in ("nobody", "other_head")), 302: ("other_head",)},
        others=403,
        foreign=None,
    ),
    "web:people": page(*PEOPLE_READERS),
    "web:organisations": page(*EVERYBODY),
    "web:school": Expect(get={200: NEAR}, things="school"),
    # organisations
    "organisations:add": Expect(get={200: ("bureau",)}, post={200: ("bureau",)}, others=403, foreign=None),
    "organisations:organisation": Expect(
        get={200: ALL}, post={200: ("bureau",), 403: tuple(part for part in ALL if part != "bureau")}, things="agency"
    ),
    # checks
    "inspections:inspections": page(*INSPECTION_READERS, *FAR),
    "inspections:begin": Expect(
        get={200: (*CONDUCTORS, *FAR)}, post={200: (*CONDUCTORS, *FAR)}, others=403, foreign=None
    ),
    "inspections:inspection": Expect(get={200: INSPECTION_READERS}, things="check"),
    "inspections:answer": Expect(post={302: INSPECTION_READERS}, things="check item"),
    "inspections:photograph": Expect(post={302: INSPECTION_READERS}, things="check item"),
    "inspections:sign": act(*SIGNERS, status=302, insiders=INSPECTION_READERS, things="check"),
    "inspections:reopen": Expect(post={302: INSPECTION_READERS}, things="check"),
    "inspections:cancel": Expect(post={302: INSPECTION_READERS}, things="check"),
    "inspections:roving": page(*PLANNERS),
    "inspections:draw_roving": Expect(get={200: PLANNERS}, post={200: PLANNERS}, others=403, foreign=None),
    **dict.fromkeys(
        ("inspections:move_visit", "inspections:drop_visit"),
        form(
            "station",
            "station2",
            insiders=("bureau", "police", "station", "station2", "vice_principal"),
            things="visit",
        ),
    ),
    # hazards
    **dict.fromkeys(("inspections:open_hazards", "inspections:print_open_hazards"), page(*HAZARD_READERS, *FAR)),
    "inspections:hazards": page(*HAZARD_READERS, *FAR),
    "inspections:hazard": Expect(get={200: HAZARD_READERS}, things="hazard"),
    "inspections:order": form(*ORDERERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:rectify": form(*RECTIFIERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:close": Expect(
        get={200: RECHECKERS, 403: tuple(p for p in HAZARD_READERS if p not in RECHECKERS)},
        post={200: RECHECKERS, 403: tuple(p for p in HAZARD_READERS if p not in RECHECKERS)},
        things="hazard",
    ),
    "inspections:reject": form(*RECHECKERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:extend": form(*RECTIFIERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:decide": act(*ORDERERS, status=302, insiders=HAZARD_READERS, things="asked"),
    "inspections:pause": form(*ORDERERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:resume": act(*ORDERERS, status=409, insiders=HAZARD_READERS, things="hazard"),
    # alarm devices
    "facilities:devices": page(*DEVICE_READERS, *FAR),
    **dict.fromkeys(
        ("facilities:register", "facilities:announce"),
        Expect(get={200: ALL_DEVICE_KEEPERS}, post={200: ALL_DEVICE_KEEPERS}, others=403, foreign=None),
    ),
    "facilities:refused": page(*ALL_DEVICE_KEEPERS),
    "facilities:device": Expect(get={200: DEVICE_READERS}, things="device"),
    "facilities:set_key": form(*DEVICE_KEEPERS, insiders=DEVICE_READERS, things="device"),
    "facilities:retire": act(*DEVICE_KEEPERS, status=302, insiders=DEVICE_READERS, things="device"),
    "facilities:test": Expect(get={200: DEVICE_READERS}, things="test"),
    "facilities:withdraw": act(*DEVICE_KEEPERS, status=302, insiders=DEVICE_READERS, things="test"),
    # shifts, contingency plans, emergency units, offers of volunteers
    "guardposts:week": Expect(
        get={200: EVERYBODY},
        post={200: SHIFT_EDITORS, 404: ("nobody",), 403: tuple(p for p in EVERYBODY if p not in SHIFT_EDITORS)},
        foreign=None,
    ),
    "guardposts:now": page(*UNIT_READERS, *FAR, others=302),
    "guardposts:cancel": act(*RECTIFIERS, status=302, insiders=(*UNIT_READERS, "guard"), things="shift"),
    "emergency:plans": page(*CONTINGENCY_READERS, *FAR),
    "emergency:draft_plan": Expect(post={302: RECTIFIERS, 403: NOT_OF_SCHOOL}, things="school plan"),
    **dict.fromkeys(
        ("emergency:plan", "emergency:print_plan"), Expect(get={200: CONTINGENCY_READERS}, things="contingency")
    ),
    "emergency:edit_plan": form(*RECTIFIERS, insiders=CONTINGENCY_READERS, things="contingency"),
    "emergency:approve_plan": act("head", status=302, insiders=CONTINGENCY_READERS, things="contingency"),
    "emergency:drop_plan": act(*RECTIFIERS, status=302, insiders=CONTINGENCY_READERS, things="contingency"),
    "emergency:review_plan": act("head", status=302, insiders=CONTINGENCY_READERS, things="contingency in force"),
    "emergency:unit": page(*UNIT_READERS, *FAR),
    **dict.fromkeys(
        ("emergency:add_member", "emergency:declare_small"),
        Expect(post={200: RECTIFIERS, 403: NOT_OF_SCHOOL}, things="school"),
    ),
    "emergency:remove_member": Expect(post={404: RECTIFIERS, 403: NOT_OF_SCHOOL}, things="school"),
    "emergency:end_small": act(*RECTIFIERS, status=302, insiders=UNIT_READERS, things="school"),
    "emergency:offer": Expect(get={200: ("volunteer",)}, post={302: ("volunteer",)}, others=403, foreign=None),
    "emergency:withdraw_offer": Expect(post={302: ALL}, foreign=None),
    # the plan and duties
    "policy:plan": page(*PLAN_READERS),
    "policy:import": Expect(get={200: ("bureau",)}, post={200: ("bureau",)}, others=403, foreign=None),
    "policy:version": Expect(get={200: PLAN_READERS}, others=403, things="version"),
    "policy:rhythms": page("bureau"),
    "policy:set_rhythm": Expect(post={302: ("bureau",)}, others=403, things="obligation"),
    "policy:obligation": Expect(get={200: PLAN_READERS}, others=403, things="obligation"),
    "policy:mine": Expect(get={302: PLAN_READERS}, others=403, foreign=None),
    "policy:duties": Expect(get={200: DUTY_READERS, 403: OTHERS_AT_SCHOOL}, things="school"),
    "policy:duty": Expect(get={200: DUTY_READERS, 403: OTHERS_AT_SCHOOL}, things="duty"),
    "policy:adopt": Expect(post={302: ("head",), 403: (*NO_HEAD, *OTHERS_AT_SCHOOL)}, things="school"),
    "policy:declare": Expect(
        get={200: RECTIFIERS, 403: (*NO_SCHOOL, *OTHERS_AT_SCHOOL)},
        post={200: RECTIFIERS, 403: (*NO_SCHOOL, *OTHERS_AT_SCHOOL)},
        things="duty",
    ),
    "policy:assign": Expect(post={302: RECTIFIERS, 403: (*NO_SCHOOL, *OTHERS_AT_SCHOOL)}, things="duty"),
    "policy:withdraw": form("bureau", *RECTIFIERS, insiders=SUPPLEMENT_READERS, things="supplement"),
    # what filling in costs
    "policy:burden": page(*(part for part in EXPORTERS)),
    "policy:burden_of_school": Expect(
        get={
            200: ("bureau", "police", "leader", "head", "safety"),
            403: tuple(p for p in NEAR if p not in ("bureau", "police", "leader", "head", "safety")),
        },
        things="school",
    ),
    "inspections:level": form(*ORDERERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:spot": Expect(
        get={200: (*CONDUCTORS, *FAR)}, post={200: (*CONDUCTORS, *FAR)}, others=403, foreign=None
    ),
    "inspections:confirm": act(
        *(p for p in CONFIRMERS if p != "safety"), status=302, insiders=HAZARD_READERS, things="fixed"
    ),
    "inspections:unconfirmed": form(*(p for p in CONFIRMERS if p != "safety"), insiders=HAZARD_READERS, things="fixed"),
    "inspections:transfer": form("station", "station2", insiders=HAZARD_READERS, things="hazard"),
    "inspections:coordinate": form("station", "station2", *RECTIFIERS, insiders=HAZARD_READERS, things="hazard"),
    **dict.fromkeys(
        ("inspections:accept", "inspections:refuse"),
        form("health", insiders=(*HAZARD_READERS, "health"), things="handed"),
    ),
    "inspections:finish": form("health", insiders=(*HAZARD_READERS, "health"), things="promised"),
    # notices; the thing is a notice of the bureau where it says so, else a draft of the station
    "inspections:make_notice": form("station", "station2", insiders=HAZARD_READERS, things="hazard"),
    "inspections:notices": page(*HAZARD_READERS, *FAR),
    "inspections:numbering": Expect(get={200: ("bureau",)}, post={200: ("bureau",)}, others=403, foreign=None),
    "inspections:notice": Expect(get={200: PAPER_READERS}, things="notice"),
    "inspections:notice_paper": Expect(get={200: PAPER_READERS}, things="notice"),
    "inspections:notice_number": form("station", "station2", insiders=PAPER_READERS, things="draft notice"),
    "inspections:notice_sign": act(*RECTIFIERS, status=302, insiders=PAPER_READERS, things="notice"),
    "inspections:notice_receipt": form("bureau", insiders=PAPER_READERS, things="notice"),
    "inspections:notice_refusal": form("bureau", insiders=PAPER_READERS, things="notice"),
    "inspections:notice_withdraw": form("bureau", insiders=PAPER_READERS, things="notice"),
    # listed supervision
    "inspections:propose": form(*ORDERERS, insiders=HAZARD_READERS, things="hazard"),
    "inspections:supervisions": page(*HAZARD_READERS, *FAR),
    "inspections:supervision": Expect(get={200: HAZARD_READERS}, things="supervision"),
    "inspections:supervision_list": act("leader", status=200, insiders=HAZARD_READERS, things="supervision"),
    "inspections:supervision_decline": act("leader", status=200, insiders=HAZARD_READERS, things="supervision"),
    "inspections:supervision_lift": act("leader", status=302, insiders=HAZARD_READERS, things="supervised"),
    # CAP, receivers outside, accounts of incidents
    "emergency:cap_feed": page(*INCIDENT_READERS, *FAR),
    "emergency:cap_message": Expect(get={200: INCIDENT_READERS, 404: FAR}, others=403, things="cap message"),
    "emergency:cap_notices": MINE,
    "emergency:take_notice": Expect(get={200: WARNERS}, post={200: WARNERS}, others=403, foreign=None),
    "emergency:receivers": Expect(get={200: RECEIVER_KEEPERS}, post={200: RECEIVER_KEEPERS}, others=403, foreign=None),
    "emergency:remove_receiver": Expect(post={302: RECEIVER_KEEPERS}, things="receiver"),
    **dict.fromkeys(
        ("emergency:timeline_docx", "emergency:timeline_xlsx", "emergency:ics214_docx"),
        Expect(get={200: INCIDENT_READERS, 403: ("guard",)}, things="told incident"),
    ),
    # incidents; called and cleared ones are of the class “attack”, which only the police ends
    **dict.fromkeys(("emergency:incidents", "emergency:running", "emergency:called"), MINE),
    **dict.fromkeys(("emergency:wall", "emergency:wall_parts"), page(*INCIDENT_READERS, *FAR)),
    **dict.fromkeys(("emergency:incident", "emergency:parts"), Expect(get={200: AT_INCIDENT}, things="incident")),
    **dict.fromkeys(
        ("emergency:lockdown", "emergency:headcount", "emergency:note"),
        act(*HANDLERS, status=200, insiders=AT_INCIDENT, things="incident"),
    ),
    **dict.fromkeys(
        ("emergency:hand_over", "emergency:clear"),
        act(*COMMANDERS, status=200, insiders=AT_INCIDENT, things="incident"),
    ),
    **dict.fromkeys(
        ("emergency:draft_parents", "emergency:draft_press"),
        act(*RELEASERS, status=302, insiders=AT_INCIDENT, things="incident"),
    ),
    "emergency:tick": act(*HANDLERS, status=302, insiders=AT_INCIDENT, things="role task"),
    "emergency:confirm_there": act(*COMMANDERS, "head", status=302, insiders=AT_INCIDENT, things="call"),
    "emergency:release": act(*RELEASERS, status=200, insiders=AT_INCIDENT, things="statement"),
    "emergency:statement_print": Expect(get={200: AT_INCIDENT}, things="released statement"),
    "emergency:review": form(*REVIEWERS, insiders=AT_INCIDENT, things="cleared incident"),
    "emergency:add_finding": act(*REVIEWERS, status=302, insiders=AT_INCIDENT, things="cleared incident"),
    **dict.fromkeys(
        ("emergency:finding_hazard", "emergency:finding_task"),
        form(*REVIEWERS, insiders=AT_INCIDENT, things="finding"),
    ),
    "emergency:finding_done": act("station", "station2", status=302, insiders=AT_INCIDENT, things="given finding"),
    **dict.fromkeys(
        ("emergency:exercise",),
        Expect(get={200: (*REVIEWERS, *FAR)}, post={200: (*REVIEWERS, *FAR)}, others=403, foreign=None),
    ),
    "emergency:announce_exercise": Expect(post={200: (*REVIEWERS, *FAR)}, others=403, foreign=None),
    # ledgers
    "ledgers:export": for_each(
        "ledger columns",
        {
            f"{key} {columns}": page(*(part for part in LEDGER_READERS[key] if part in EXPORTERS))
            for key, sets in COLUMN_SETS.items()
            for columns in sets
        },
    ),
    "ledgers:column_sets": for_each(
        "ledger",
        {
            key: Expect(get={200: shapers}, post={200: shapers}, others=403, foreign=None)
            for key in LEDGER_READERS
            for shapers in (tuple(part for part in SHAPERS if part in LEDGER_READERS[key]),)
        },
    ),
    "ledgers:column_set": Expect(get={200: SHAPERS}, post={200: SHAPERS}, others=403, things="column set"),
    "ledgers:remove_column_set": Expect(post={302: SHAPERS}, others=403, things="column set"),
    "ledgers:print": for_each("ledger", {key: page(*parts) for key, parts in LEDGER_READERS.items()}),
    "ledgers:save_view": for_each(
        "ledger",
        {key: Expect(post={302: parts}, others=403, foreign=None) for key, parts in LEDGER_READERS.items()},
    ),
    "ledgers:remove_view": Expect(post={302: ("station",)}, things="view"),
    # files
    "attachments:show": Expect(get={200: INSPECTION_READERS}, things="photo"),
    "attachments:small": Expect(get={200: INSPECTION_READERS}, things="photo"),
    # messages
    "notifications:inbox": MINE,
    "notifications:badge": MINE,
    "notifications:read_all": Expect(post={302: ALL}, foreign=None),
    "notifications:open": Expect(post={302: ("head",)}, things="message"),
    "notifications:channels": Expect(get={200: CHANNEL_EDITORS}, post={200: CHANNEL_EDITORS}, others=403, foreign=None),
    "notifications:remove_channel": Expect(post={302: ("station", "station2")}, things="channel"),
    # people
    "people:account": MINE,
    "people:switch_post": Expect(post={404: ALL}, foreign=None),
    "people:language": Expect(post={400: ALL}, foreign=None),
    "people:activate": Expect(get={302: ALL}, post={302: ALL}, stranger=200, foreign=None),
    "people:demo_sign_in": Expect(post={404: ALL}, stranger=404, foreign=None),
    # raising alarms; a press itself is answered before the pages (emergency/tests/test_intake_address.py)
    "emergency:press_key": Expect(post={400: ALL}, foreign=None),
    "emergency:press_keys": MINE,
    "emergency:revoke_press_key": Expect(post={302: ("guard",)}, things="phone"),
    # the page for raising alarms, what a phone keeps of it, and answers to a call
    "emergency:press": page(*PRESSERS, *FAR),
    **dict.fromkeys(("emergency:press_exercise", "emergency:press_test"), page(*EXERCISERS)),
    **dict.fromkeys(
        ("emergency:press_shell", "web:manifest", "web:service_worker"),
        Expect(get={200: ALL}, stranger=200, foreign=None),
    ),
    "emergency:push": Expect(get={200: ALL}, post={400: ALL}, delete={400: ALL}, foreign=None),
    "emergency:call": Expect(get={200: AT_INCIDENT}, things="guard's call"),
    **dict.fromkeys(
        tuple(f"emergency:call_{act}" for act in ("seen", "on-way", "arrived", "in-place", "declined")),
        act("guard", status=302, insiders=AT_INCIDENT, things="guard's call"),
    ),
    "emergency:call_confirm": act(*COMMANDERS, "head", status=302, insiders=AT_INCIDENT, things="guard's call"),
    "emergency:come": Expect(post={302: (*PRESSERS, "bureau", "leader")}, things="incident"),
    # the interface for programs
    "api:description": MINE,
    "api:tokens": Expect(get={200: ALL}, post={200: ALL}, foreign=None),
    "api:revoke": Expect(post={302: ("station",)}, things="token"),
    "api-v1:openapi-json": alike(200, stranger=200),
    "api-v1:api-root": alike(404, stranger=404),
    "api-v1:me": token("GET", *EVERYBODY),
    "api-v1:list_schools": token("GET", *EVERYBODY),
    "api-v1:get_school": token("GET", *NEAR, things="school"),
    "api-v1:begin_check": replace(token("POST"), tokens={"POST": {201: CONDUCTORS, 404: FAR}}, foreign=404),
    "api-v1:get_check": token("GET", *INSPECTION_READERS, things="check"),
    "api-v1:answer_item": token("PUT", *CONDUCTORS, things="check item", which="open"),
    "api-v1:photograph_item": token("POST", *CONDUCTORS, status=201, things="check item"),
    "api-v1:sign_check": token("POST", *SIGNERS, things="check"),
    "api-v1:reopen_check": token("POST", *SIGNERS, things="check", which="half-signed"),
    "api-v1:cancel_check": token("POST", *CONDUCTORS, things="check"),
    "api-v1:list_hazards": token("GET", *HAZARD_READERS, *FAR),
    "api-v1:get_hazard": token("GET", *HAZARD_READERS, things="hazard"),
    "api-v1:order_rectification": token("POST", *ORDERERS, things="hazard", which="registered"),
    "api-v1:rectify_hazard": token("POST", *RECTIFIERS, things="hazard"),
    "api-v1:close_hazard": token("POST", *RECHECKERS, things="hazard", which="rectified"),
    "api-v1:reject_rectification": token("POST", *RECHECKERS, things="hazard", which="rectified"),
    "api-v1:ask_extension": token("POST", *RECTIFIERS, things="hazard"),
    "api-v1:decide_extension": token("POST", *ORDERERS, things="asked"),
    "api-v1:pause_deadline": token("POST", *ORDERERS, things="hazard"),
    "api-v1:resume_deadline": token("POST", *ORDERERS, things="hazard", which="paused"),
    "api-v1:raise_alarm": replace(token("POST"), tokens={"POST": {201: PRESSERS, 404: FAR}}, foreign=404),
    "api-v1:get_alarm": Expect(
        tokens={"GET": {200: ALARM_READERS, 403: ("bureau", "leader")}}, stranger=401, things="alarm"
    ),
    "api-v1:take_notice": token("POST", *WARNERS),
    "api-v1:incident_feed": token("GET", *INCIDENT_READERS, *FAR),
    "api-v1:incident_message": token("GET", *INCIDENT_READERS, things="cap message"),
    # signing in and what belongs to it; open to everybody for themselves
    "account_login": alike(302, stranger=200),
    "account_logout": of_sign_in(200, 302, says_to_all=True),
    "account_inactive": Expect(get={200: ALL}, options={200: ALL}, stranger=200, foreign=None),
    "account_reauthenticate": of_sign_in(200, 200),
    "account_change_password": of_sign_in(200, 200),
    "account_set_password": alike(302, stranger=302),
    "usersessions_list": of_sign_in(200, 302),
    "set_language": alike(302, stranger=302),
    "people:person": Expect(get={200: ("bureau", "police", "head", "safety", "teacher")}, things="person"),
    "people:reset": form(
        "bureau", "head", "safety", insiders=("bureau", "police", "head", "safety", "teacher"), things="person"
    ),
    "people:codes": Expect(get={200: GIVERS}, post={200: GIVERS}, others=403, foreign=None),
    "people:lend": form("teacher", insiders=("bureau", "police", "head", "safety", "teacher"), things="post"),
    "people:end_post": form(
        "bureau", "head", "safety", insiders=("bureau", "police", "head", "safety", "teacher"), things="post"
    ),
    "people:withdraw": Expect(post={404: ALL}, things="post"),
    # imports
    "ledgers:give": for_each(
        "importer",
        {key: replace(page(*parts), post={200: parts}) for key, parts in IMPORTERS.items()},
    ),
    "ledgers:template": for_each("importer", {key: page(*parts) for key, parts in IMPORTERS.items()}),
    "ledgers:import_run": for_each("run", {key: Expect(get={200: GIVER}) for key in IMPORTERS}),
    "ledgers:error_sheet": for_each("run", {key: Expect(get={404: ALL}) for key in IMPORTERS}),
    **dict.fromkeys(
        ("ledgers:apply", "ledgers:drop"),
        for_each("run", {key: Expect(post={302: GIVER}) for key in IMPORTERS}),
    ),
    # the calendar, and what a school stands under
    "organisations:calendar": Expect(
        get={200: ALL}, post={200: ("bureau", "head", "other_head")}, others=403, foreign=None
    ),
    "organisations:set_term": Expect(post={200: ("bureau",)}, others=403, foreign=None),
    "organisations:remove_day": Expect(post={400: ("bureau", "head", "other_head")}, others=403, foreign=None),
    "organisations:central_school": form(
        "bureau",
        insiders=NEAR,
        things="school",
    ),
    # two-step sign-in: for oneself, after saying the password again
    **dict.fromkeys(("mfa_index", "mfa_list_webauthn"), replace(MINE, options={200: ALL})),
    **dict.fromkeys(
        (
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_authenticate",
            "mfa_generate_recovery_codes",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
        ),
        alike(302, stranger=302),
    ),
    "mfa_login_webauthn": replace(alike(302, stranger=302), options={302: ALL, 200: (STRANGER,)}),
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_download_recovery_codes"), alike(404, stranger=302)),
    "mfa_view_recovery_codes": replace(alike(404, stranger=302), options={200: ALL}),
    **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), replace(alike(302, stranger=302), things="key")),
}
