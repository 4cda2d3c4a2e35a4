"""Leave to correct the archive as a service: asked for by accounts or findings, corrections noted with what was there, looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trials import fresh
from world import refused

from yk.audit import authority, running
from yk.audit.looking import find_finding
from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.errors import UsageError

HOUSE, OTHER, SOUTH = "1016000013", "1016000040", "1016000012"
UNTIL = "2026-11-25"


@pytest.fixture
def desk() -> Desk:
    """A desk of who corrects a unit's data, over the demonstration archive."""
    return fresh(operator="unit_corrector")


def as_(desk: Desk, operator: str) -> Desk:
    desk.act_as(operator)
    return desk


def requested(desk: Desk, *fields: str, accounts: tuple[str, ...] = (HOUSE,), **more: Any) -> str:
    wanted = fields or ("customer.elec_addr",)
    return authority.request(desk, accounts, wanted, UNTIL, "门牌改号", **more).case


def given(desk: Desk, *fields: str, accounts: tuple[str, ...] = (HOUSE,)) -> str:
    """The number of an authorisation that `unit_corrector` may use."""
    case = requested(desk, *fields, accounts=accounts)
    authority.approve(as_(desk, "data_steward"), case)
    authority.grant(as_(desk, "system_admin"), case, "unit_corrector", UNTIL)
    desk.act_as("unit_corrector")
    return case


def address(desk: Desk, cons_no: str = HOUSE) -> str:
    return str((desk.store.table("customer").get(doc_id=cons_no) or {})["elec_addr"])


def test_a_request_goes_to_whoever_approves(desk: Desk) -> None:
    case = requested(desk, "用电客户.用电地址", "meter.multiplier", accounts=(HOUSE, OTHER, HOUSE))
    data = desk.get(case).data
    assert desk.get(case).at == ["audit_approval"]
    assert [(row["entity"], row["field"]) for row in data["functions"]] == [
        ("customer", "elec_addr"),
        ("meter", "multiplier"),
    ]
    assert [row["cons_no"] for row in data["partners"]] == [HOUSE, OTHER]
    assert (data["office"], data["applied_by"], data["wanted_until"]) == ("99401", "unit_corrector", UNTIL)


def test_a_request_that_may_not_be_is_refused_with_every_reason_and_opens_nothing(desk: Desk) -> None:
    with refused(
        "function_not_grantable",
        "account_not_grantable",
        "account_not_grantable",
        "authorisation_wanted_wrong",
    ):
        authority.request(desk, [HOUSE, SOUTH, "9999999999"], ["customer.status"], "2027-01-01", "试")
    with refused("field_missing"):
        authority.request(desk, [HOUSE], ["customer.elec_addr"], UNTIL, "")
    assert list(authority.authorities(desk)) == []


@pytest.mark.parametrize(("word", "code"), [
    ("elec_addr", "bad_function"), ("customer.colour", "unknown_field"), ("colour.customer", "unknown_entity"),
])  # fmt: skip
def test_a_function_is_an_entity_and_a_field(desk: Desk, word: str, code: str) -> None:
    with pytest.raises(UsageError) as error:
        requested(desk, word)
    assert error.value.code == code


def test_a_unit_asks_for_its_own_accounts(desk: Desk) -> None:
    add_operator(desk.store, "south", "城南订正", ["unit_corrector"], "99403")
    case = requested(as_(desk, "south"), accounts=(SOUTH,))
    assert desk.get(case).data["office"] == "99403"
    with refused("account_not_grantable"):
        requested(desk, accounts=(HOUSE,))


def test_findings_bring_their_accounts_and_are_linked(desk: Desk) -> None:
    table = desk.store.table("customer")
    table.save({**(table.get(doc_id=HOUSE) or {}), "sect_no": None})
    running.run(desk.store, desk.clock, desk.settings)
    finding = f"X:4.09/customer/{HOUSE}"
    case = requested(desk, "customer.sect_no", accounts=(), findings=[finding])
    assert [row["cons_no"] for row in desk.get(case).data["partners"]] == [HOUSE]
    assert find_finding(desk.store, finding)["case"] == case
    assert authority.looked_at(desk, case)["findings"] == [finding]
    with refused():
        requested(desk, "customer.status", accounts=(), findings=[finding])
    assert find_finding(desk.store, finding)["case"] == case


def test_accounts_are_read_from_a_list(tmp_path: Path) -> None:
    (tmp_path / "户号.csv").write_text(f"户名,用户编号\n甲,{HOUSE}\n,\n乙,{OTHER}\n", encoding="gb18030")
    assert authority.read_accounts(tmp_path / "户号.csv") == [HOUSE, OTHER]


def test_leave_is_given_to_somebody_who_is_there(desk: Desk) -> None:
    case = requested(desk)
    authority.approve(as_(desk, "data_steward"), case)
    with pytest.raises(UsageError, match="没有 nobody 这个经办人"):
        authority.grant(as_(desk, "system_admin"), case, "nobody", UNTIL)
    with refused("grantee_unfit"):
        authority.grant(desk, case, "approver", UNTIL)
    with refused("authorisation_beyond_request"):
        authority.grant(desk, case, "unit_corrector", "2026-11-26")
    assert desk.get(case).at == ["grant"]


def test_corrections_are_noted_with_what_the_archive_has_and_written_when_sent(desk: Desk) -> None:
    case, was = given(desk, accounts=(HOUSE, OTHER)), address(desk)
    authority.correct(desk, case, HOUSE, {"customer.elec_addr": "示范市新路1号"}, "不动产权证")
    authority.correct(desk, case, OTHER, {"用电客户.用电地址": "示范市新路2号"}, "不动产权证")
    assert address(desk) == was
    (row, _) = authority.looked_at(desk, case)["rows"]
    assert (row["before"], row["after"], row["now"], row["written"]) == (was, "示范市新路1号", was, False)
    desk.send(case)
    (row, _) = authority.looked_at(desk, case)["rows"]
    assert (row["before"], row["now"], row["written"]) == (was, "示范市新路1号", True)
    assert [address(desk, one) for one in (HOUSE, OTHER)] == ["示范市新路1号", "示范市新路2号"]


def test_a_correction_is_noted_once_and_can_be_taken_off_the_list(desk: Desk) -> None:
    case = given(desk)
    for number in (1, 2):
        authority.correct(desk, case, HOUSE, {"customer.elec_addr": f"示范市新路{number}号"}, "不动产权证")
    assert [row["new_value"] for row in desk.get(case).data["corrections"]] == ["示范市新路2号"]
    authority.drop(desk, case, HOUSE, ["customer.elec_addr"])
    assert desk.get(case).data["corrections"] == []
    with pytest.raises(UsageError) as error:
        authority.drop(desk, case, HOUSE, ["customer.elec_addr"])
    assert error.value.code == "unknown_correction"


@pytest.mark.parametrize(("cons_no", "values", "codes"), [
    (OTHER, {"customer.elec_addr": "新"}, ["account_not_granted"]),
    (HOUSE, {"customer.notify_mode": "02"}, ["function_not_granted"]),
    (HOUSE, {"customer.status": "9"}, ["function_not_granted", "correction_not_allowed"]),
    (HOUSE, {"customer.run_cap": "999999"}, ["function_not_granted", "correction_capacity_wrong"]),
])  # fmt: skip
def test_what_the_leave_does_not_cover_is_refused_at_once(
    desk: Desk, cons_no: str, values: dict[str, str], codes: list[str]
) -> None:
    case = given(desk)
    with refused(*codes):
        authority.correct(desk, case, cons_no, values, "试")
    assert "corrections" not in desk.get(case).data


def test_nobody_else_and_nothing_after_its_day(desk: Desk) -> None:
    case = given(desk)
    add_operator(desk.store, "other", "另一位", ["unit_corrector"])
    with refused("not_authorised"):
        authority.correct(as_(desk, "other"), case, HOUSE, {"customer.elec_addr": "新"}, "试")
    desk.act_as("unit_corrector")
    desk.clock.advance(days=3)  # type: ignore[attr-defined]
    with refused("authorisation_lapsed") as reasons:
        authority.correct(desk, case, HOUSE, {"customer.elec_addr": "新"}, "试")
    assert UNTIL in reasons[0].message


def test_what_somebody_else_changed_meanwhile_is_not_written_over(desk: Desk) -> None:
    case = given(desk)
    authority.correct(desk, case, HOUSE, {"customer.elec_addr": "示范市新路1号"}, "不动产权证")
    table = desk.store.table("customer")
    table.save({**(table.get(doc_id=HOUSE) or {}), "elec_addr": "示范市别路9号"})
    with refused("correction_overtaken"):
        desk.send(case)
    authority.correct(desk, case, HOUSE, {"customer.elec_addr": "示范市新路1号"}, "不动产权证")
    desk.send(case)
    assert address(desk) == "示范市新路1号"


def test_leave_goes_from_state_to_state(desk: Desk) -> None:
    def state() -> str:
        (made,) = authority.authorities(desk)
        return str(made["state"])

    case, seen = requested(desk), []
    seen.append(state())
    authority.approve(as_(desk, "data_steward"), case)
    seen.append(state())
    authority.grant(as_(desk, "system_admin"), case, "unit_corrector", UNTIL)
    seen.append(state())
    authority.correct(
        as_(desk, "unit_corrector"), case, HOUSE, {"customer.elec_addr": "示范市新路1号"}, "不动产权证"
    )
    desk.send(case)
    seen.append(state())
    authority.withdraw(as_(desk, "system_admin"), case, "逐项相符")
    assert [*seen, state()] == ["submitted", "approved", "running", "used", "withdrawn"]
    assert authority.STATES.keys() >= {*seen, state(), "lapsed", "stopped"}


def test_only_leave_under_which_something_can_be_written_is_running(desk: Desk) -> None:
    first, second = given(desk), given(desk, accounts=(OTHER,))
    requested(desk)
    assert [one["case"] for one in authority.authorities(desk, only_running=True)] == [first, second]
    desk.suspend(second, "等客户")
    assert [one["case"] for one in authority.authorities(desk, only_running=True)] == [first]
    desk.clock.advance(days=3)  # type: ignore[attr-defined]
    assert list(authority.authorities(desk, only_running=True)) == []
    assert {one["state"] for one in authority.authorities(desk)} == {"lapsed", "suspended", "submitted"}


def test_an_order_of_another_flow_is_no_authorisation(desk: Desk) -> None:
    case = as_(desk, "data_steward").open("marketing_audit", data={"month": "2026-11"}).case
    for call in (lambda: authority.looked_at(desk, case), lambda: authority.approve(desk, case)):
        with pytest.raises(UsageError) as error:
            call()
        assert error.value.code == "not_an_authorisation"


def test_a_trial_writes_nothing(desk: Desk) -> None:
    case = given(desk)
    before = desk.get(case).doc()
    trial = Desk(desk.store, "unit_corrector", desk.clock, desk.settings, dry_run=True)
    noted = authority.correct(trial, case, HOUSE, {"customer.elec_addr": "示范市新路1号"}, "不动产权证")
    assert noted.data["corrections"]
    assert authority.request(trial, [OTHER], ["customer.elec_addr"], UNTIL, "试").at == ["audit_approval"]
    assert desk.get(case).doc() == before
    assert [one["case"] for one in authority.authorities(desk)] == [case]
