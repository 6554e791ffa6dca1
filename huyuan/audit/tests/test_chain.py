"""The chain: rows sealed in whatever order they commit, and every tampering named by its first bad row."""

import json
import random
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction

from factories import NOW, make_county
from huyuan.audit import actions as audit
from huyuan.audit.actions import seal, write_head
from huyuan.audit.models import AuditRow, AuditSeal
from huyuan.audit.queries import Verdict, verify
from huyuan.common.reach import system_reach
from tests.engine.serving import environment

TAMPERINGS = 1_000


def record(county, count=1):
    reach = system_reach(county.county.pk)
    return [
        audit.record("test:row", target=county.county, by=reach, now=NOW + timedelta(seconds=n), number=n, half=0.5)
        for n in range(count)
    ]


@pytest.fixture
def county(own_database):
    """A county in a database of its own: sealing is about what commits."""
    return make_county()


@pytest.fixture
def owner(county):
    """Somebody with all rights over the tables, outside the product."""
    with psycopg.connect(environment(connection.settings_dict["NAME"])["DATABASE_OWNER_URL"]) as found:
        yield found


def in_thread(act):
    """Do something on another connection."""
    found = []

    def run():
        try:
            found.append(act())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def test_rows_are_chained_once_in_order(county, settings):
    record(county, 3)
    sealed, floor = seal(now=NOW)
    assert sealed == 3
    assert seal(now=NOW, floor=floor)[0] == 0
    record(county, 2)
    assert seal(now=NOW, floor=floor)[0] == 2
    assert list(AuditSeal.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert verify(settings.AUDIT_HEADS) == Verdict(5)


def test_a_rolled_back_act_leaves_no_row_and_no_hole(county):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(county)
        raise RuntimeError
    record(county)
    seal(now=NOW)
    assert verify() == Verdict(1)


def test_a_row_that_commits_late_is_chained_then(owner, county):
    slow = owner.cursor()
    slow.execute(
        "INSERT INTO audit_auditrow (at, kind, target_type, target_code, details)"
        " VALUES (now(), 'test:slow', 'x', 'y', '{}')"
    )
    record(county, 2)
    sealed, floor = seal(now=NOW)
    assert sealed == 2
    assert AuditRow.objects.count() == 2
    owner.commit()
    # Both its number and its transaction are smaller than those of rows chained before it.
    late = AuditRow.objects.get(kind="test:slow")
    assert late.pk < min(AuditSeal.objects.values_list("row_id", flat=True))
    assert seal(now=NOW, floor=floor)[0] == 1
    assert AuditSeal.objects.get(sequence=3).row_id == late.pk
    assert verify() == Verdict(3)


def test_a_full_batch_does_not_lift_the_floor_over_what_is_left(county, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 4)
    record(county, 10)
    floor, counts = 0, []
    for _ in range(4):
        sealed, floor = seal(now=NOW, floor=floor)
        counts.append(sealed)
    assert counts == [4, 4, 2, 0]


def test_sealers_and_writers_at_once_chain_every_row_once(county):
    ending = threading.Event()
    rounds, writers = 25, 3

    def write():
        for _ in range(rounds):
            with transaction.atomic():
                record(county, 2)
        return rounds * 2

    def sealing():
        floor = 0
        while not ending.is_set():
            _sealed, floor = seal(now=datetime.now(UTC), floor=floor)
        return floor

    sealers = [in_thread(sealing) for _ in range(2)]
    busy = [in_thread(write) for _ in range(writers)]
    for thread, _found in busy:
        thread.join()
    ending.set()
    for thread, _found in sealers:
        thread.join()
    # The floor that a sealer reached leaves nothing behind it.
    seal(now=NOW, floor=max(found[0] for _thread, found in sealers))
    assert verify() == Verdict(rounds * 2 * writers)


def test_only_one_sealer_works_at_a_time(owner, county):
    record(county)
    owner.execute("SELECT pg_advisory_xact_lock(%s)", [audit.SEALER_LOCK])
    assert seal(now=NOW, floor=7) == (0, 7)
    owner.rollback()
    assert seal(now=NOW)[0] == 1


def test_a_restored_database_whose_transactions_count_anew_is_sealed(owner, county):
    record(county, 3)
    seal(now=NOW)
    owner.execute("UPDATE audit_auditrow SET transaction_id = transaction_id + 1000000000")
    owner.execute("DELETE FROM audit_auditseal")
    owner.commit()
    record(county, 2)
    sealed, floor = seal(now=NOW)
    assert sealed == 5
    record(county)
    assert seal(now=NOW, floor=floor)[0] == 1


@pytest.mark.parametrize("table", ["audit_auditrow", "audit_auditseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_rewrite_the_audit(county, table, statement):
    record(county)
    seal(now=NOW)
    column = "kind" if table == "audit_auditrow" else "digest"
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


COLUMNS = {
    "at": "at + interval '1 second'",
    "county_id": "coalesce(county_id, 0) + 1",
    "actor_id": "coalesce(actor_id, 0) + 1",
    "post_id": "coalesce(post_id, 0) + 1",
    "kind": "kind || 'x'",
    "target_type": "target_type || 'x'",
    "target_code": "'x' || target_code",
    "details": "details || '{\"added\": 1}'",
    "transaction_id": "transaction_id + 1",
    "id": "id + 1000000",
}
SEAL_COLUMNS = {
    "digest": "reverse(digest)",
    "row_id": "row_id + 1000000",
    "sealed_at": "sealed_at - interval '1 second'",
}


def tamper(owner, draw, rows):
    """Do one random thing to the chain; gives the first link that cannot hold afterwards and the row to be named."""
    length = len(rows)
    place = draw.randint(1, length)
    named = rows[place]
    row = "id = (SELECT row_id FROM audit_auditseal WHERE sequence = %s)"
    act = draw.choice(["edit", "edit", "edit seal", "delete row", "delete seal", "delete both", "swap", "cut"])
    if act == "edit":
        column = draw.choice(list(COLUMNS))
        owner.execute(f"UPDATE audit_auditrow SET {column} = {COLUMNS[column]} WHERE {row}", [place])
    elif act == "edit seal":
        column = draw.choice(list(SEAL_COLUMNS))
        owner.execute(f"UPDATE audit_auditseal SET {column} = {SEAL_COLUMNS[column]} WHERE sequence = %s", [place])
        named += 1_000_000 if column == "row_id" else 0
    elif act == "delete row":
        owner.execute(f"DELETE FROM audit_auditrow WHERE {row}", [place])
    elif act == "swap":
        other = draw.choice([n for n in range(1, length + 1) if n != place])
        owner.execute(
            "UPDATE audit_auditseal a SET row_id = -b.row_id FROM audit_auditseal b"
            " WHERE (a.sequence, b.sequence) IN ((%s, %s), (%s, %s))",
            [place, other, other, place],
        )
        owner.execute("UPDATE audit_auditseal SET row_id = -row_id WHERE row_id < 0")
        place, named = min(place, other), rows[max(place, other)]
    else:
        named = rows[length] if act == "cut" else rows[min(place + 1, length)]
        which = "sequence >= %s" if act == "cut" else "sequence = %s"
        if act != "delete seal":
            owner.execute(
                f"DELETE FROM audit_auditrow WHERE id IN (SELECT row_id FROM audit_auditseal WHERE {which})", [place]
            )
        owner.execute(f"DELETE FROM audit_auditseal WHERE {which}", [place])
    return act, place, named


def test_a_thousand_random_tamperings_each_name_the_first_bad_link(county, settings):
    length = 40
    record(county, length)
    seal(now=NOW)
    write_head(now=NOW)
    rows = dict(AuditSeal.objects.values_list("sequence", "row_id"))
    assert verify(settings.AUDIT_HEADS) == Verdict(length)
    draw = random.Random(20260915)
    verifier, owner = connections["default"], connections["owner"]
    owner.ensure_connection()
    # Verified inside the tamperer's own transaction, which is then undone: a thousand fresh starts at no cost.
    own, verifier.connection = verifier.connection, owner.connection
    try:
        verifier.connection.autocommit = False
        for number in range(TAMPERINGS):
            verifier.connection.execute("SAVEPOINT whole")
            act, place, named = tamper(verifier.connection, draw, rows)
            verdict = verify(settings.AUDIT_HEADS)
            said = f"tampering {number}, {act} at {place}: {verdict}"
            assert verdict.reason, said
            assert verdict.links == place - 1, said
            assert verdict.bad_row == named, said
            verifier.connection.execute("ROLLBACK TO SAVEPOINT whole")
    finally:
        owner.connection.rollback()
        verifier.connection = own
    assert verify(settings.AUDIT_HEADS) == Verdict(length)


def test_a_chain_made_anew_from_the_tampered_rows_differs_from_the_head_outside(owner, county, settings):
    record(county, 5)
    seal(now=NOW)
    write_head(now=NOW)
    owner.execute("DELETE FROM audit_auditseal")
    owner.execute("UPDATE audit_auditrow SET kind = 'test:other' WHERE id = (SELECT min(id) FROM audit_auditrow)")
    owner.commit()
    seal(now=NOW)
    assert verify() == Verdict(5)
    assert "head written outside" in verify(settings.AUDIT_HEADS).reason


def test_emptying_everything_shows_against_the_head_outside(owner, county, settings):
    record(county, 5)
    seal(now=NOW)
    write_head(now=NOW)
    owner.execute("TRUNCATE audit_auditrow, audit_auditseal")
    owner.commit()
    assert "the chain ends at 0" in verify(settings.AUDIT_HEADS).reason


def test_the_command_says_that_the_chain_holds_or_names_the_first_bad_row(owner, county, settings):
    record(county, 5)
    seal(now=NOW)
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert out.getvalue() == "the chain holds: 5 links\n"
    third = AuditSeal.objects.get(sequence=3).row_id
    owner.execute("UPDATE audit_auditrow SET kind = 'test:other' WHERE id = %s", [third])
    owner.commit()
    out = StringIO()
    with pytest.raises(CommandError, match=f"row {third}: .* 2 links before it hold"):
        call_command("audit", "verify", "--json", stdout=out)
    assert json.loads(out.getvalue())["bad_row"] == third


def test_a_head_kept_by_another_agency_is_held_against_the_chain(owner, county, tmp_path, settings):
    record(county, 2)
    seal(now=NOW)
    kept = tmp_path / "agency.jsonl"
    call_command("audit", "export", "--to", str(kept))
    out = StringIO()
    call_command("audit", "verify", "--heads", str(kept), stdout=out)
    assert "2 links" in out.getvalue()
    owner.execute("DELETE FROM audit_auditseal WHERE sequence = 2")
    owner.commit()
    with pytest.raises(CommandError, match="the chain ends at 1"):
        call_command("audit", "verify", "--heads", str(kept))


def test_an_export_before_anything_is_sealed_says_so(county):
    with pytest.raises(CommandError, match="nothing is sealed yet"):
        call_command("audit", "export")
    assert write_head(now=NOW) is None


def test_a_head_line_cut_short_by_a_crash_does_not_stop_the_verifier(county, settings):
    record(county, 2)
    seal(now=NOW)
    write_head(now=NOW)
    with settings.AUDIT_HEADS.open("a") as file:
        file.write('{"at": "2026-09-15T09:0')
    assert verify(settings.AUDIT_HEADS) == Verdict(2)
