"""`yk audit authority`: leave to correct the archive from the request to its withdrawal, and everything it does not allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Result, Yk

CASE, HOUSE, OTHER = "012611230001", "1016000013", "1016000040"
UNIT = ["--operator", "unit_corrector"]
REQUEST = ["request", "--customers", f"{HOUSE}，{OTHER}", "--fields", "用电客户.用电地址"]
MORE = ["--until", "2026-11-25", "--reason", "门牌改号", *UNIT]
CORRECT = ["correct", CASE, HOUSE, "customer.elec_addr=示范市新路1号", "--grounds", "不动产权证", *UNIT]


@pytest.fixture
def given(demo: Yk) -> Yk:
    """A store with leave to correct the addresses of two accounts, given to `unit_corrector`."""
    for words in (
        [*REQUEST, *MORE],
        ["approve", CASE, "--operator", "data_steward"],
        ["grant", CASE, "--to", "unit_corrector", "--until", "2026-11-24", "--operator", "system_admin"],
    ):
        done = demo("audit", "authority", *words)
        assert done.code == 0, done
    return demo


def codes(done: Result) -> list[str]:
    return [one["code"] for one in done.json["refused"]]


def test_leave_is_used_and_withdrawn_with_what_was_before_and_after(given: Yk) -> None:
    was = given("customer", "show", HOUSE, "--json").json["elec_addr"]
    assert "已登记更正 1 项" in given("audit", "authority", *CORRECT).out
    assert [one["case"] for one in given("audit", "authority", "list", "--running", "--json").json] == [CASE]
    assert given("case", "send", CASE, *UNIT).code == 0
    assert (
        given("audit", "authority", "withdraw", CASE, "--compared", "相符", "--operator", "system_admin").code
        == 0
    )
    shown = given("audit", "authority", "show", CASE, "--json").json
    (row,) = shown["rows"]
    assert (shown["state"], row["before"], row["after"], row["now"]) == (
        "withdrawn", was, "示范市新路1号", "示范市新路1号",
    )  # fmt: skip
    page = given("audit", "authority", "show", CASE).out
    assert f"{was} → 示范市新路1号  已写入" in page
    assert given("audit", "authority", "list", "--running", "--json").json == []


@pytest.mark.parametrize(("words", "code"), [
    (["correct", CASE, "1016000012", "customer.elec_addr=新", "--grounds", "试"], "account_not_granted"),
    (["correct", CASE, HOUSE, "customer.notify_mode=02", "--grounds", "试"], "function_not_granted"),
    (["correct", CASE, HOUSE, "customer.status=9", "--grounds", "试"], "correction_not_allowed"),
    ([*CORRECT[:-2], "--now", "2026-11-25T09:00"], "authorisation_lapsed"),
    (["grant", CASE, "--to", "unit_corrector", "--until", "2026-11-25"], "not_here"),
])  # fmt: skip
def test_what_lies_outside_the_leave_is_refused(given: Yk, words: list[str], code: str) -> None:
    done = given("audit", "authority", *words, *UNIT, "--json")
    assert (done.code, code in codes(done)) == (4, True), done
    assert given("audit", "authority", "show", CASE, "--json").json["rows"] == []


def test_expired_leave_is_refused_with_its_day_and_swept_away(given: Yk) -> None:
    given("audit", "authority", *CORRECT)
    late = given("case", "send", CASE, *UNIT, "--now", "2026-11-25T09:00")
    assert (late.code, "2026-11-24 已到期" in late.err + late.out) == (4, True)
    swept = given("case", "sweep", "--now", "2026-11-25T09:00")
    assert "已终止：档案维护授权 2026-11-24 到期，自动收回" in swept.out
    shown = given("audit", "authority", "show", CASE, "--json").json
    assert (shown["state"], shown["rows"][0]["written"]) == ("stopped", False)


def test_who_asked_does_not_approve(demo: Yk) -> None:
    demo("operator", "add", "both", "--name", "王两岗", "--role", "unit_corrector", "--role", "data_steward")
    demo("audit", "authority", *REQUEST, *MORE[:-2], "--operator", "both")
    done = demo("audit", "authority", "approve", CASE, "--operator", "both", "--json")
    assert (done.code, codes(done)) == (4, ["duty_conflict"])


def test_a_request_is_refused_as_a_whole(demo: Yk) -> None:
    words = [
        "request",
        "--customers",
        f"{HOUSE},9999999999",
        "--fields",
        "customer.status",
        "--until",
        "2027-01-01",
    ]
    done = demo("audit", "authority", *words, "--reason", "试", *UNIT, "--json")
    assert codes(done) == ["function_not_grantable", "account_not_grantable", "authorisation_wanted_wrong"]
    assert demo("case", "list", "--json").json == []


def test_accounts_come_from_a_list_too(demo: Yk) -> None:
    Path("户号.csv").write_text(f"用户编号\n{HOUSE}\n{OTHER}\n", encoding="gb18030")
    assert demo("audit", "authority", "request", "-f", "户号.csv", *REQUEST[3:], *MORE).code == 0
    assert demo("audit", "authority", "show", CASE, "--json").json["accounts"] == [HOUSE, OTHER]


def test_a_correction_is_taken_off_the_list(given: Yk) -> None:
    given("audit", "authority", *CORRECT)
    done = given("audit", "authority", "correct", CASE, HOUSE, "customer.elec_addr", "--remove", *UNIT)
    assert "去掉 1 项" in done.out
    assert given("audit", "authority", "show", CASE, "--json").json["rows"] == []


@pytest.mark.parametrize("words", [
    [*REQUEST, *MORE], CORRECT, ["correct", CASE, HOUSE, "customer.elec_addr", "--remove", *UNIT],
])  # fmt: skip
def test_a_trial_leaves_all_as_it_was(given: Yk, words: list[str]) -> None:
    given("audit", "authority", *CORRECT[:3], "customer.elec_addr=示范市旧路9号", *CORRECT[4:])
    before = [given("audit", "authority", *one, "--json").out for one in (["list"], ["show", CASE])]
    done = given("audit", "authority", *words, "--dry-run")
    assert (done.code, "（试算，未写入）" in done.out) == (0, True)
    assert before == [given("audit", "authority", *one, "--json").out for one in (["list"], ["show", CASE])]


@pytest.mark.parametrize(("words", "code", "said"), [
    (["request", "--fields", "customer.elec_addr", "--until", "2026-11-25", "--reason", "试"], 2, "没有指明用户"),
    ([*REQUEST[:-1], "customer.colour", *MORE], 2, "没有 colour 这个字段"),
    ([*REQUEST, "--until", "明天", "--reason", "试"], 2, "应是日期"),
    ([*REQUEST, *MORE, "--finding", "X:1.1/meter/M"], 2, "没有 X:1.1/meter/M 这个问题"),
    (["correct", CASE, HOUSE, "customer.elec_addr"], 2, "依据"),
    (["correct", CASE, HOUSE, "customer.elec_addr", "--grounds", "试"], 2, "customer.elec_addr"),
    (["show", "012611230099"], 2, "没有 012611230099 这张工单"),
    (["grant", CASE, "--to", "nobody", "--until", "2026-11-25"], 2, "没有 nobody 这个经办人"),
])  # fmt: skip
def test_what_is_wrong_is_said(given: Yk, words: list[str], code: int, said: str) -> None:
    done = given("audit", "authority", *words)
    assert (done.code, said in done.err + done.out) == (code, True), done
