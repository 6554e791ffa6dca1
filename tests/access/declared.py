"""The declarations, one for every address of the resolver."""

from dataclasses import replace

from tests.access.expectations import (
    ALL,
    CONDUCTORS,
    EXPORTERS,
    FAR,
    HAZARD_READERS,
    INSPECTION_READERS,
    NEAR,
    ORDERERS,
    RECHECKERS,
    RECTIFIERS,
    Expect,
    act,
    form,
    page,
)

PEOPLE_READERS = ("bureau", "police", "head", "safety", "other_head")
CHANNEL_EDITORS = ("bureau", "police", "station", "station2", "head", *FAR)
GIVERS = ("bureau", "head", "safety", "other_head")
MINE = Expect(get={200: ALL}, foreign=None)
API = Expect(get={401: ALL}, post={401: ALL}, stranger=401, foreign=None)

EXPECTED: dict[str, Expect] = {
    # pages over all modules
    "web:today": page(*ALL),
    "web:map": page(*ALL),
    "web:search": page(*ALL),
    "web:healthz": Expect(get={200: ALL}, stranger=200, foreign=None),
    "web:schools": Expect(
        get={200: tuple(part for part in ALL if part not in ("nobody", "other_head")), 302: ("other_head",)},
        others=403,
        foreign=None,
    ),
    "web:people": page(*PEOPLE_READERS),
    "web:school": Expect(get={200: NEAR}, things="school"),
    # checks
    "inspections:inspections": page(*INSPECTION_READERS, *FAR),
    "inspections:begin": Expect(
        get={200: (*CONDUCTORS, *FAR)}, post={200: (*CONDUCTORS, *FAR)}, others=403, foreign=None
    ),
    "inspections:inspection": Expect(get={200: INSPECTION_READERS}, things="check"),
    "inspections:answer": Expect(post={302: INSPECTION_READERS}, things="check item"),
    "inspections:photograph": Expect(post={302: INSPECTION_READERS}, things="check item"),
    "inspections:sign": act(
        "station", "station2", "head", "safety", status=302, insiders=INSPECTION_READERS, things="check"
    ),
    "inspections:reopen": Expect(post={302: INSPECTION_READERS}, things="check"),
    "inspections:cancel": Expect(post={302: INSPECTION_READERS}, things="check"),
    # hazards
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
    # ledgers
    "ledgers:export": Expect(get={200: EXPORTERS}, others=403, foreign=None, things="ledger columns"),
    "ledgers:print": Expect(get={200: (*HAZARD_READERS, *FAR)}, others=403, foreign=None, things="ledger"),
    "ledgers:save_view": Expect(post={302: (*HAZARD_READERS, *FAR)}, others=403, foreign=None, things="ledger"),
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
    # the interface for programs: without a token nobody passes, signed in or not
    "api:description": MINE,
    "api:tokens": Expect(get={200: ALL}, post={200: ALL}, foreign=None),
    "api:revoke": Expect(post={302: ("station",)}, things="token"),
    "api-v1:openapi-json": Expect(get={200: ALL}, post={200: ALL}, stranger=200, foreign=None),
    **dict.fromkeys(("api-v1:me", "api-v1:list_schools", "api-v1:list_hazards", "api-v1:begin_check"), API),
    "api-v1:api-root": Expect(get={404: ALL}, post={404: ALL}, stranger=404, foreign=None),
    "api-v1:get_school": replace(API, things="school"),
    "api-v1:get_check": replace(API, things="check"),
    "api-v1:sign_check": replace(API, things="check"),
    "api-v1:answer_item": replace(API, things="check item"),
    "api-v1:photograph_item": replace(API, things="check item"),
    **dict.fromkeys(
        (
            "api-v1:get_hazard",
            "api-v1:order_rectification",
            "api-v1:rectify_hazard",
            "api-v1:close_hazard",
            "api-v1:reject_rectification",
        ),
        replace(API, things="hazard"),
    ),
    # signing in and what belongs to it; open to everybody for themselves
    "account_login": Expect(get={302: ALL}, post={302: ALL}, stranger=200, foreign=None),
    "account_logout": Expect(get={200: ALL}, post={302: ALL}, foreign=None),
    "account_inactive": Expect(get={200: ALL}, post={405: ALL}, stranger=200, foreign=None),
    "account_reauthenticate": Expect(get={200: ALL}, post={200: ALL}, foreign=None),
    "account_change_password": Expect(get={200: ALL}, post={200: ALL}, foreign=None),
    "account_set_password": Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    "usersessions_list": Expect(get={200: ALL}, post={302: ALL}, foreign=None),
    "set_language": Expect(get={302: ALL}, post={302: ALL}, stranger=302, foreign=None),
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
    "ledgers:give": Expect(
        get={200: ("bureau",)}, post={200: ("bureau",)}, others=403, foreign=None, things="importer"
    ),
    "ledgers:template": Expect(get={200: ("bureau",)}, others=403, foreign=None, things="importer"),
    "ledgers:import_run": Expect(get={200: ("bureau",)}, things="run"),
    "ledgers:error_sheet": Expect(get={404: ALL}, things="run"),
    "ledgers:apply": Expect(post={302: ("bureau",)}, things="run"),
    "ledgers:drop": Expect(post={302: ("bureau",)}, things="run"),
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
    "mfa_index": MINE,
    "mfa_list_webauthn": MINE,
    **dict.fromkeys(
        ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"),
        Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    ),
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_view_recovery_codes"),
        Expect(get={404: ALL}, post={404: ALL}, foreign=None),
    ),
    "mfa_authenticate": Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    "mfa_reauthenticate": Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    "mfa_reauthenticate_webauthn": Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    "mfa_login_webauthn": Expect(get={302: ALL}, post={302: ALL}, foreign=None),
    "mfa_edit_webauthn": Expect(get={302: ALL}, post={302: ALL}, foreign=None, things="key"),
    "mfa_remove_webauthn": Expect(get={302: ALL}, post={302: ALL}, foreign=None, things="key"),
}
