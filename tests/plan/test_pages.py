"""The pages of the plan and of duties: brought in, read, declared, adopted."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories import NOW, answered_check, signed_check
from huyuan.audit.models import AuditRow
from huyuan.inspections.tests.standings import TEXT, make_plan
from huyuan.policy.models import Adoption, Plan, Supplement

PLAN = reverse("policy:plan")


@pytest.fixture
def plan(cast):
    return make_plan(cast, counts_from=NOW.date())


def body(answer) -> str:
    return answer.content.decode()


def given(text: bytes, name: str = "方案.txt", code: str = "qingxi-2026") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, text), "code": code, "counts_from": ""}


def test_a_county_without_a_plan_says_who_brings_it_in(cast, sign_in):
    assert "由县教体局导入" in body(sign_in(cast.head).get(PLAN))
    assert reverse("policy:import") in body(sign_in(cast.bureau).get(PLAN))


@pytest.mark.clause("4.1")
def test_the_bureau_brings_a_plan_in_on_the_page(cast, sign_in):
    answer = sign_in(cast.bureau).post(reverse("policy:import"), given(TEXT.encode("gb18030")), follow=True)
    assert "已导入4条" in body(answer)
    plan = Plan.objects.get()
    assert plan.versions.get().text == TEXT and plan.counts_from == NOW.date()
    assert AuditRow.objects.filter(kind="plan:import").exists()
    assert "学校配齐人员。" in body(sign_in(cast.head).get(PLAN))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("没有编号的文字。\n", "没有编号"),
        ("一、目标\n1.排查。\n", "中间"),
        ("一、目标\n一、措施\n", "重复"),
        ("", "空"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_a_sentence_and_nothing_is_kept(cast, sign_in, text, said):
    answer = sign_in(cast.bureau).post(reverse("policy:import"), given(text.encode()))
    assert answer.status_code in (200, 400) and not Plan.objects.exists()
    assert said in body(answer)


def test_the_living_plan_shows_the_state_of_one_school_beside_the_clause(cast, plan, sign_in):
    signed_check(cast, failing=0)
    page = body(sign_in(cast.bureau).get(PLAN, {"of": str(cast.organisations["school"].code)}))
    assert "派出所和学校做一次全面检查；" in page and "已落实" in page
    assert reverse("policy:duty", args=[cast.organisations["school"].code, "joint-check"]) in page
    assert "逾期未落实" not in page.partition("<form")[0]


@pytest.mark.parametrize(
    ("scope", "named"), [("town", "青溪镇"), ("station", "青溪派出所"), ("school", "青溪镇中心小学")]
)
def test_the_plan_is_read_for_a_town_a_station_or_a_school(cast, plan, sign_in, scope, named):
    answer = sign_in(cast.bureau).get(PLAN, {"of": str(cast.organisations[scope].code)})
    assert answer.status_code == 200 and answer.context["scope"].name == named


def test_a_station_sees_its_own_schools_only(cast, plan, sign_in):
    client = sign_in(cast.station)
    assert client.get(PLAN, {"of": str(cast.organisations["far_school"].code)}).status_code == 404
    listed = body(client.get(reverse("policy:obligation", args=["joint-check"])))
    assert "青溪镇中心小学" in listed and "南浦中学" not in listed


def test_who_has_not_met_an_obligation_is_listed_by_name_and_not_by_rate(cast, plan, sign_in):
    signed_check(cast, failing=0)
    address = reverse("policy:obligation", args=["joint-check"])
    every = [str(one) for one, _stand in sign_in(cast.bureau).get(address).context["page"].rows]
    unmet = [str(one) for one, _stand in sign_in(cast.bureau).get(address, {"unmet": ""}).context["page"].rows]
    assert every == ["南浦中学", "青溪下屋教学点", "青溪镇中心小学"] and unmet == ["南浦中学", "青溪下屋教学点"]


@pytest.mark.clause("3.1")
def test_the_records_behind_a_state_are_one_click_away(cast, plan, sign_in):
    check, half = signed_check(cast, failing=0), answered_check(cast, failing=0)
    page = body(sign_in(cast.head).get(reverse("policy:duty", args=[cast.organisations["school"].code, "joint-check"])))
    assert check.get_absolute_url() in page and half.get_absolute_url() in page
    assert page.count("暂不计入") == 1


def test_a_supplement_is_declared_on_the_page_and_marked_wherever_it_shows(cast, plan, sign_in):
    school = cast.organisations["school"]
    words = {"done_on": "2026-09-05", "what": "开学全面检查", "proof": "档案盒3"}
    declare = reverse("policy:declare", args=[school.code, "joint-check"])
    answer = sign_in(cast.safety).post(declare, words, follow=True)
    assert "已落实（补录）" in body(answer) and "开学全面检查" in body(answer)
    assert "补录" in body(sign_in(cast.bureau).get(PLAN, {"of": str(school.code)}))
    assert "其中补录1" in body(sign_in(cast.bureau).get(PLAN))
    withdraw = reverse("policy:withdraw", args=[Supplement.objects.get().code])
    sign_in(cast.bureau).post(withdraw, {"reason": "查无记录"})
    assert Supplement.objects.get().withdrawal_reason == "查无记录"


def test_a_supplement_dated_in_the_future_is_refused_in_a_sentence(cast, plan, sign_in):
    words = {"done_on": str(NOW.date() + timedelta(days=1)), "what": "检查", "proof": "档案"}
    declare = reverse("policy:declare", args=[cast.organisations["school"].code, "joint-check"])
    answer = sign_in(cast.safety).post(declare, words)
    assert "日期在将来" in body(answer) and not Supplement.objects.exists()


@pytest.mark.clause("4.1")
def test_a_head_reads_the_school_s_duties_and_adopts_them(cast, plan, sign_in):
    school = cast.organisations["school"]
    client = sign_in(cast.head)
    assert client.get(reverse("policy:mine")).url == reverse("policy:duties", args=[school.code])
    page = body(client.get(reverse("policy:duties", args=[school.code])))
    assert "尚未确认" in page and "2026年" in page
    client.post(reverse("policy:adopt", args=[school.code]))
    assert Adoption.objects.get().adopted_by == cast.head
    assert "共" in body(client.get(reverse("policy:duties", args=[school.code])))


def test_somebody_is_said_to_answer_for_a_duty(cast, plan, sign_in):
    school = cast.organisations["school"]
    assign = reverse("policy:assign", args=[school.code, "rectify"])
    sign_in(cast.head).post(assign, {"person": str(cast.safety.code)})
    assert cast.safety.name in body(sign_in(cast.head).get(reverse("policy:duties", args=[school.code])))
    sign_in(cast.head).post(assign, {"person": str(cast.other_head.code)})
    assert plan.obligations.get(key="rectify").assignments.get(ended_on=None).person == cast.safety


def test_the_county_sets_a_rhythm_and_sees_the_default_until_then(cast, plan, sign_in):
    client = sign_in(cast.bureau)
    assert "默认，由县里确定" in body(client.get(reverse("policy:rhythms")))
    client.post(reverse("policy:set_rhythm", args=["regular-check"]), {"rhythm": "monthly"})
    assert plan.obligations.get(key="regular-check").versions.latest("number").chosen_rhythm == "monthly"


def test_an_older_version_stays_readable(cast, plan, sign_in):
    bring_in = {"file": SimpleUploadedFile("新.txt", (TEXT + "（三）附则。\n").encode()), "code": "yunxi-test"}
    sign_in(cast.bureau).post(reverse("policy:import"), bring_in)
    first = plan.versions.get(number=1)
    page = body(sign_in(cast.head).get(reverse("policy:version", args=[first.code])))
    assert "附则" not in page.partition("历史版本")[0] and plan.versions.count() == 2


def test_what_nobody_judges_is_listed_apart(cast, plan, sign_in):
    page = sign_in(cast.bureau).get(PLAN)
    assert [tally.rule.entry.key for tally in page.context["unjudged"]] == ["counselling"]


def test_the_pages_of_the_plan_take_a_fixed_number_of_queries(cast, plan, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.bureau)
    client.get(PLAN)
    with django_assert_max_num_queries(16):
        client.get(PLAN)
    with django_assert_max_num_queries(16):
        client.get(reverse("policy:duties", args=[cast.organisations["school"].code]))


def test_another_county_sees_nothing_of_it(cast, plan, foreign, sign_in):
    client = sign_in(foreign.bureau)
    assert "云溪县校园安全治理方案" not in body(client.get(PLAN))
    assert client.get(reverse("policy:duties", args=[cast.organisations["school"].code])).status_code == 404


def test_counting_begins_on_the_day_that_is_given(cast, sign_in):
    words = given(TEXT.encode()) | {"counts_from": "2026-10-01"}
    sign_in(cast.bureau).post(reverse("policy:import"), words)
    assert Plan.objects.get().counts_from == date(2026, 10, 1)
