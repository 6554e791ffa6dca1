"""A county in which everything that has a page is in every state it can be in."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.hashers import make_password
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from factories import NOW, Cast, answered_check, begun_check, hazard_at, make_county, photo, signed_check
from huyuan.api.actions import make_token
from huyuan.api.models import ApiToken
from huyuan.common.reach import Permission
from huyuan.inspections.actions import checks, deadlines, hazards
from huyuan.inspections.models import Answer, Hazard, Inspection
from huyuan.ledgers.models import CountyColumnSet, ImportRun, SavedView
from huyuan.notifications.models import Channel, Message
from huyuan.people.actions.posts import lend_post
from huyuan.people.queries import DEMO_COUNTY
from huyuan.policy.models import DayKind

Kwargs = dict[str, Any]
LATER = NOW + timedelta(days=4)
LONG_NAME = "青溪镇中心小学校园及周边安全情况2026年秋季学期统计表（汇总·第二次修改）.xlsx"


def checks_in_every_state(cast: Cast) -> list[Inspection]:
    """Begun, failed with note and photo, half signed, opened again, signed, cancelled."""
    station = cast.reach("station")
    begun, failed, half, again, cancelled = begun_check(cast), *(answered_check(cast, 2) for _n in range(4))
    for answer in Answer.objects.filter(inspection=failed, value="no"):
        checks.photograph_item(inspection=failed, item_key=answer.item_key, raw=photo(), by=station, now=NOW)
    checks.sign_check(inspection=half, by=station, now=NOW)
    checks.sign_check(inspection=again, by=station, now=NOW)
    checks.reopen_check(inspection=again, reason="有一项填错", by=cast.reach("head"), now=NOW)
    checks.cancel_check(inspection=cancelled, reason="点错了学校", by=station, now=NOW)
    return [begun, failed, half, again, signed_check(cast, 2), cancelled]


def order(cast: Cast, days: int) -> Hazard:
    """A hazard ordered put right within some days."""
    return hazards.order_rectification(
        hazard=hazard_at(cast, "registered"), requirement="更换损坏的疏散指示灯并检查全楼", responsible=cast.safety,
        level="major", days=days, due_kind=DayKind.CALENDAR, by=cast.reach("station"), now=NOW,
    )  # fmt: skip


def hazards_in_every_state(cast: Cast) -> dict[str, list[Hazard]]:
    """Every state, every kind of deadline, and one that waits for a decision on more time."""
    station, safety = cast.reach("station"), cast.reach("safety")
    asked, paused, rejected = order(cast, 10), order(cast, 10), hazard_at(cast, "rectified")
    deadlines.ask_extension(
        hazard=asked, new_due_date=asked.due_date + timedelta(days=9), reason="等配件到货", by=safety, now=NOW
    )
    deadlines.pause_deadline(hazard=paused, reason="汛期停工", by=station, now=NOW)
    hazards.reject_rectification(hazard=rejected, remark="二楼的灯还不亮", days=7, by=station, now=NOW)
    states = [hazard_at(cast, status) for status in ("registered", "rectified", "closed")]
    dated = [order(cast, days) for days in (1, 4, 5, 30)]
    return {"hazard": [*states, *dated, paused, rejected, asked], "asked": [asked]}


def runs_in_every_state(cast: Cast) -> list[ImportRun]:
    """Imports being read, read with problems, without, refused, being written, done, dropped."""
    sentence = "该校出现两次且数字不一致：在校学生数本行为 226，第 8 行为 186。"
    problems = [
        {"row": row, "sheet": "学校基本情况", "field": "pupils", "value": "226", "reason": sentence, "offered": offered}
        for row, offered in ((0, []), (79, ["青溪镇中心小学", "青溪镇中心幼儿园"]))
    ]
    full = {"created": 63, "updated": 2, "unchanged": 1, "problems": problems, "notes": ["未使用的列：序号。"],
            "asked": [{"row": 5, "sheet": "隐患台账", "field": "level", "value": "较大", "reason": sentence}],
            "changes": [["青溪镇中心小学", ["pupils", "guards"]]]}  # fmt: skip
    empty = {"created": 0, "updated": 0, "unchanged": 66, "problems": []}
    status = ImportRun.Status
    states = [(status.READING, {}), (status.READ, full), (status.READ, empty), (status.REFUSED, {}),
              (status.APPLYING, full), (status.DONE, full), (status.DROPPED, full)]  # fmt: skip
    return [
        ImportRun.objects.create(
            county=cast.county, organisation=cast.organisations["bureau"], importer=importer, status=state,
            file_name=LONG_NAME, started_by=cast.bureau, post=cast.bureau.posts.get(), started_at=NOW, result=result,
            message="这是图片，不是表格。" if state == status.REFUSED else "",
        )
        for importer in ("schools", "people", "hazards") for state, result in states
    ]  # fmt: skip


def columns_of_the_county(cast: Cast) -> list[CountyColumnSet]:
    """An agency's own columns: just read with one title that nobody recognised, and looked through."""
    columns = [["序号", "line"], ["学校", "school"], ["隐患内容", "description"], ["网格员", ""]]
    layout = {"rows": [["青溪街道安全隐患台账", "", "", ""], [title for title, _key in columns]], "titles_at": 1,
              "merged": [[0, 0, 0, 3]]}  # fmt: skip
    return [
        CountyColumnSet.objects.create(
            county=cast.county, ledger="hazards", title="青溪街道安全隐患台账", columns=columns, layout=layout,
            added_by=cast.bureau, added_at=NOW, settled_at=settled,
        )
        for settled in (None, NOW)
    ]  # fmt: skip


def secure(cast: Cast) -> Authenticator:
    """One officer signs in with a second step and has a passkey."""
    TOTP.activate(cast.police, "A" * 32)
    RecoveryCodes.activate(cast.police)
    data = {"name": "办公电脑", "passwordless": True, "credential": passkey()}
    return Authenticator.objects.create(user=cast.police, type=Authenticator.Type.WEBAUTHN, data=data)


def passkey() -> dict[str, Any]:
    """A passkey as a browser registers it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), b"office", key)
    seen = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    about = AuthenticatorData.create(sha256(b"localhost"), seen, 0, credential)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    response = {"clientDataJSON": client, "attestationObject": AttestationObject.create("none", about, {})}
    named = websafe_encode(credential.credential_id)
    kept = {name: websafe_encode(value) for name, value in response.items()}
    return {"type": "public-key", "id": named, "rawId": named, "response": kept}


class Scene:
    """The county, and for each kind of thing in an address the things that are looked at."""

    def __init__(self) -> None:
        self.cast = cast = make_county()
        make_county("示例县", DEMO_COUNTY, "197000")
        stand = hazards_in_every_state(cast)
        walked = checks_in_every_state(cast)
        key = secure(cast)
        self.make_small_things()
        coded: dict[str, list[Any]] = {
            "school": [cast.organisations[key] for key in ("school", "point", "far_school")],
            "agency": [cast.organisations[key] for key in ("town", "security")],
            "check": walked, "view": list(SavedView.objects.all()), "token": list(ApiToken.objects.all()),
            "column set": columns_of_the_county(cast), "message": list(Message.objects.filter(recipient=cast.head)[:1]), "channel": list(Channel.objects.all()),
            "person": [cast.teacher, cast.counsellor, cast.nobody, cast.head],
            "post": [cast.teacher.posts.get(), cast.counsellor.posts.get()], "run": runs_in_every_state(cast), **stand,
        }  # fmt: skip
        self.things: dict[str, list[Kwargs]] = {
            tag: [{"code": one.code} for one in found] for tag, found in coded.items()
        }
        self.things |= {
            "": [{}], "importer": [{"key": "schools"}, {"key": "people"}, {"key": "hazards"}], "key": [{"pk": key.pk}],
            "ledger": [{"key": "hazards"}, {"key": "people"}], "ledger columns": [{"key": "hazards", "columns": "education"}],
            "check item": [{"code": walked[0].code, "item_key": "facility_wall"}], "photo": [],
        }  # fmt: skip

    def make_small_things(self) -> None:
        """Somebody without a password, a lent post, a token, a saved view, a group robot."""
        cast = self.cast
        cast.counsellor.password = make_password(None)
        cast.counsellor.save(update_fields=["password"])
        day = NOW.date()
        lend_post(
            post=cast.guard.posts.get(), to_user=cast.teacher, starts_on=day, ends_on=day + timedelta(days=9),
            reason="外出培训", by=cast.reach("guard"), now=NOW,
        )  # fmt: skip
        make_token(name="采集程序", scopes=[Permission.HAZARD_READ], days=30, by=cast.reach("station"), now=NOW)
        SavedView.objects.create(user=cast.station, ledger="hazards", name="整改中的", query="status=ordered")
        Channel.objects.create(
            organisation=cast.organisations["station"], name="派出所工作群", address="wecombot://key"
        )

    def kwargs(self, tag: str) -> list[Kwargs]:
        """What fills an address; a new kind of thing has to be added here."""
        assert tag in self.things, f"tests/journeys/scene.py has no {tag!r} to fill an address with"
        return self.things[tag]


# Further renderings of a page under the same address.
QUERIES: dict[str, tuple[str, ...]] = {
    "inspections:hazards": ("", "?status=ordered", "?q=不存在的词", "?sort=due"),
    "inspections:inspections": ("", "?status=signed"),
    "web:schools": ("", "?q=青溪"),
    "web:search": ("", "?q=青溪", "?q=没有这个词"),
    "inspections:begin": ("", "?school={school}"),
}
