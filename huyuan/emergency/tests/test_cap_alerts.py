"""CAP 1.2: what is written is valid by the schema of OASIS, and what comes in is read strictly or refused with its reason."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import override

from huyuan.emergency.cap.problems import CapProblem, Reason
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.samples import alerts
from huyuan.emergency.cap.vocabulary import NAMESPACE, Scope
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.cap_words import SENTENCES, refusal_of

PLAIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="{NAMESPACE}">
  <identifier>wx-1</identifier><sender>weather@county.example</sender><sent>2026-09-15T08:30:00+08:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info>
    <category>Met</category><event>暴雨</event><urgency>Expected</urgency><severity>Severe</severity>
    <certainty>Likely</certainty><expires>2026-09-15T20:30:00+08:00</expires>
    <area><areaDesc>云溪县</areaDesc><polygon>28.1,115.1 28.2,115.1 28.2,115.2 28.1,115.1</polygon></area>
  </info>
</alert>"""
LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><alert>&c;</alert>"""
OUTSIDE = '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>'
PARAMETER = '<!DOCTYPE alert [<!ENTITY % x SYSTEM "http://inside.example/x.dtd"> %x;]><alert/>'

HOSTILE = {
    "billion laughs": (LAUGHS, Reason.DOCTYPE),
    "external entity": (OUTSIDE, Reason.DOCTYPE),
    "external parameter entity": (PARAMETER, Reason.DOCTYPE),
    "document type alone": (PLAIN.replace("<alert", '<!DOCTYPE alert SYSTEM "x.dtd"><alert', 1), Reason.DOCTYPE),
    "ten megabytes": (PLAIN.replace("暴雨", "雨" * 3_500_000), Reason.SIZE),
    "nothing": ("  \n", Reason.EMPTY),
    "half a message": (PLAIN[: len(PLAIN) // 2], Reason.NOT_XML),
    "not XML": ("{}", Reason.NOT_XML),
    "undefined entity": (PLAIN.replace("暴雨", "&rain;"), Reason.NOT_XML),
    "two roots": (PLAIN + "<alert/>", Reason.NOT_XML),
    "an encoding unknown here": (PLAIN.replace("UTF-8", "x-none"), Reason.NOT_XML),
    "nested deeply": (PLAIN.replace("暴雨", "<a>" * 5_000 + "</a>" * 5_000), Reason.DEEP),
    "very many elements": (PLAIN.replace("<scope>", "<code/>" * 25_000 + "<scope>"), Reason.DEEP),
    "version 1.1": (PLAIN.replace("cap:1.2", "cap:1.1"), Reason.NAMESPACE),
    "no namespace": (PLAIN.replace(f' xmlns="{NAMESPACE}"', ""), Reason.NAMESPACE),
    "another document": ('<html xmlns="http://www.w3.org/1999/xhtml"/>', Reason.ROOT),
    "a foreign element": (PLAIN.replace("<scope>", '<x xmlns="urn:x"/><scope>'), Reason.MISSING),
    "an element twice": (PLAIN.replace("<scope>", "<scope>Public</scope><scope>"), Reason.UNEXPECTED),
    "an element within text": (PLAIN.replace("暴雨", "<b>暴雨</b>"), Reason.UNEXPECTED),
    "no sender": (PLAIN.replace("<sender>weather@county.example</sender>", ""), Reason.MISSING),
    "an empty event": (PLAIN.replace("暴雨", " "), Reason.MISSING),
    "no area text": (PLAIN.replace("<areaDesc>云溪县</areaDesc>", ""), Reason.MISSING),
    "a date in words": (PLAIN.replace("2026-09-15T08:30:00+08:00", "today"), Reason.DATE),
    "a time in Z": (PLAIN.replace("08:30:00+08:00", "00:30:00Z"), Reason.DATE),
    "the thirtieth of February": (PLAIN.replace("2026-09-15T08", "2026-02-30T08"), Reason.DATE),
    "a year out of range": (PLAIN.replace("2026-09-15T08", "0001-01-01T08"), Reason.DATE),
    "an end before the beginning": (
        PLAIN.replace("<expires>", "<effective>2026-09-16T00:00:00+08:00</effective><expires>"), Reason.DATE,
    ),
    "a word not allowed": (PLAIN.replace("Severe", "Terrible"), Reason.WORD),
    "a sender with a comma": (PLAIN.replace("weather@", "weather,"), Reason.MARK),
    "an update of nothing": (PLAIN.replace(">Alert<", ">Update<"), Reason.REFERENCES),
    "a reference in words": (PLAIN.replace("<info>", "<references>the last</references><info>", 1), Reason.REFERENCE),
    "an open polygon": (PLAIN.replace(" 28.1,115.1</polygon>", "</polygon>"), Reason.POLYGON),
    "a place off the earth": (PLAIN.replace("28.2,115.2", "98.2,115.2"), Reason.PLACE),
    "a number without end": (PLAIN.replace("28.2,115.2", "1e999999999,115.2"), Reason.NUMBER),
    "a number that is none": (PLAIN.replace("28.2,115.2", "NaN,115.2"), Reason.NUMBER),
    "a private one for nobody": (PLAIN.replace("Public", "Private"), Reason.ADDRESSES),
    "a restricted one without restriction": (PLAIN.replace("Public", "Restricted"), Reason.RESTRICTION),
}  # fmt: skip


def test_alerts_are_valid_by_the_schema_and_read_back_as_they_were():
    out = StringIO()
    call_command("cap_check", alerts=400, seed=7, json=True, stdout=out)
    result = json.loads(out.getvalue())
    assert (result["alerts"], result["valid"], result["invalid"]) == (400, 400, 0)
    assert result["chains"]["continued"] > 50
    assert result["chains"]["wrong"] == 0
    assert result["schema"]["sha256"].startswith("dd73a2e1")


def test_the_same_alert_gives_the_same_bytes():
    assert [to_xml(one) for one in alerts(50, seed=3)] == [to_xml(one) for one in alerts(50, seed=3)]


def test_a_plain_message_is_read():
    alert = read_alert(PLAIN.encode())
    assert alert.identifier == "wx-1"
    assert alert.sent == datetime(2026, 9, 15, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    assert alert.infos[0].event == "暴雨"
    assert str(alert.reference) == "weather@county.example,wx-1,2026-09-15T08:30:00+08:00"


def test_a_signature_at_the_end_is_passed_over():
    signed = PLAIN.replace("</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a/></Signature></alert>')
    assert read_alert(signed.encode()) == read_alert(PLAIN.encode())


def test_comments_and_processing_instructions_are_passed_over():
    noted = PLAIN.replace("<info>", "<?xml-stylesheet href='x'?><!-- & --><info>")
    assert read_alert(noted.encode()) == read_alert(PLAIN.encode())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_message_is_refused_with_its_reason(name):
    text, reason = HOSTILE[name]
    with pytest.raises(CapProblem) as problem:
        read_alert(text.encode())
    assert problem.value.reason is reason
    assert len(str(refusal_of(problem.value).message)) < 400


def test_every_reason_has_its_sentence_in_both_languages():
    assert set(SENTENCES) == set(Reason)
    for sentence in SENTENCES.values():
        with override("zh-hans"):
            chinese = str(sentence)
        with override("en"):
            assert chinese != str(sentence)


def test_signs_that_xml_cannot_hold_are_left_out_when_writing():
    alert = replace(next(alerts(1)), note="a\x00b\x0bc\ud800d", infos=())
    assert read_alert(to_xml(alert)).note == "abcd"


def test_an_alert_that_breaks_a_rule_is_never_written():
    with pytest.raises(CapProblem):
        to_xml(replace(next(alerts(1)), scope=Scope.RESTRICTED, restriction=""))


def test_a_time_without_its_offset_is_never_written():
    with pytest.raises(ValueError, match="offset"):
        to_xml(replace(next(alerts(1)), sent=datetime(2026, 9, 15, 8, 30)))
