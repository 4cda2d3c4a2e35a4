"""过户: another party in the account, and nothing but the party."""

from __future__ import annotations

from typing import Any

import pytest
from flowwalks import carried_on, carried_out, put, refusals, row, rows, says
from trials import fresh

from yk.desk import Desk
from yk.errors import Refused
from yk.settings import load as load_settings

SHOP = "1016000080"
NEW = "示范新岸商贸有限公司"


@pytest.fixture
def desk() -> Desk:
    return fresh()


def test_the_number_stays_and_everything_of_the_party_is_new(desk: Desk) -> None:
    before = row(desk, "customer", SHOP)
    order = carried_out(desk, "ownership_transfer", SHOP)
    after = row(desk, "customer", SHOP)
    assert (after["cons_name"], after["status"]) == (NEW, "0")
    same = ("elec_addr", "contract_cap", "run_cap", "elec_type", "volt_code", "sect_no")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    party = row(desk, "party", after["party_no"])
    assert (party["party_name"], party["cert_no"]) == (NEW, order.data["new_cert_no"])
    assert [c["name"] for c in rows(desk, "contact", cons_no=SHOP)] == ["安知行"]
    (former,) = rows(desk, "former_name", cons_no=SHOP, app_no=order.case)
    assert (former["former_name"], former["new_name"]) == (before["cons_name"], NEW)


def test_invoices_and_debits_of_the_former_party_do_not_pass_on(desk: Desk) -> None:
    put(desk, "billing_info", cons_no=SHOP, tax_no="T1", bank_name="银行", bank_account="1", debit_flag="1")
    carried_out(desk, "ownership_transfer", SHOP)
    billing = row(desk, "billing_info", SHOP)
    assert billing["invoice_title"] == NEW
    assert (billing["tax_no"], billing["bank_account"], billing["debit_flag"]) == (None, None, "0")


def test_one_contract_ends_as_the_other_begins(desk: Desk) -> None:
    order = carried_out(desk, "ownership_transfer", SHOP)
    contracts = {c["contract_no"]: c for c in rows(desk, "contract", cons_no=SHOP)}
    new = contracts.pop(f"HT{order.case}")
    assert (new["status"], new["cons_name"], new["begin_date"]) == ("签订", NEW, "2026-11-23")
    assert {(c["status"], c["end_date"]) for c in contracts.values()} == {("终止", "2026-11-23")}


def test_the_transfer_reading_is_kept_as_a_reading(desk: Desk) -> None:
    last = max(r["reading"] for r in rows(desk, "meter_register", cons_no=SHOP))
    order = carried_out(desk, "ownership_transfer", SHOP)
    made = row(desk, "reading", f"RD{order.case}01")
    assert (made["cons_no"], made["this_num"], made["ym"]) == (SHOP, last, 202611)


def test_with_a_new_number_the_old_account_is_closed_and_empty() -> None:
    """ACC-016: the former file is cancelled, the new one is there, one contract ended and one new."""
    desk = fresh(load_settings({}).with_values(transfer_keep_cons_no=False))
    meters = [m["meter_id"] for m in rows(desk, "meter", cons_no=SHOP)]
    order = carried_out(desk, "ownership_transfer", SHOP)
    new = order.data["cons_no"]
    assert new != SHOP
    assert row(desk, "customer", SHOP)["status"] == "9"
    after = row(desk, "customer", new)
    assert (after["cons_name"], after["status"], after["contract_cap"]) == (NEW, "0", 100.0)
    assert [m["meter_id"] for m in rows(desk, "meter", cons_no=new)] == meters
    for entity in ("meter", "metering_point", "power_source", "terminal", "customer_price"):
        assert rows(desk, entity, cons_no=SHOP) == []
    assert {c["status"] for c in rows(desk, "contract", cons_no=SHOP)} == {"终止"}
    assert [c["status"] for c in rows(desk, "contract", cons_no=new)] == ["签订"]


def test_the_balance_goes_back_unless_both_agreed_otherwise(desk: Desk) -> None:
    held = row(desk, "prepayment", SHOP)["amount"]
    moved = fresh()
    carried_out(
        moved, "ownership_transfer", SHOP, balance_disposal="3", balance_agreement="YD-1", refund_amount=0
    )
    assert row(moved, "prepayment", SHOP)["amount"] == held
    carried_out(desk, "ownership_transfer", SHOP)
    assert row(desk, "prepayment", SHOP)["amount"] == 0.0
    (refund,) = rows(desk, "due_task", cons_no=SHOP, kind="09")
    assert f"{held:.2f} 元" in refund["content"]


def test_what_the_survey_found_changed_is_not_approved(desk: Desk) -> None:
    """ACC-015: the capacity on site is another."""
    order = carried_out(desk, "ownership_transfer", SHOP, until="approval", site_cap=130)
    with pytest.raises(Refused) as caught:
        carried_on(desk, order.case)
    assert {reason.code for reason in caught.value.reasons} == {"survey_found_change"}
    assert "130 kVA" in caught.value.reasons[0].message


def test_only_the_name_changed_is_another_business(desk: Desk) -> None:
    kept = row(desk, "party", row(desk, "customer", SHOP)["party_no"])["cert_no"]
    assert refusals(desk, "ownership_transfer", SHOP, new_cert_no=kept) == {"party_same"}


def test_the_new_party_pays_elsewhere_first(desk: Desk) -> None:
    other = rows(desk, "party", party_no=row(desk, "customer", "1016000002")["party_no"])[0]
    found = refusals(desk, "ownership_transfer", SHOP, new_cert_no=other["cert_no"])
    assert found == {"applicant_arrears"}


FILED = {"elec_addr": "示范路1号", "contract_cap": 100.0, "elec_type": "405"}


@pytest.mark.parametrize(
    ("rule_set", "asked", "said"),
    [
        ("R96", {}, 0),
        ("R96", {"new_cap": 100.0, "new_elec_type": "405", "new_elec_addr": "示范路１号"}, 0),
        ("R96", {"new_cap": 100.5}, 1),
        ("R24", {"new_elec_addr": "示范路2号"}, 1),
        ("R96", {"new_elec_type": "402", "class_change_case": "012611230099"}, 1),
        ("R16", {"new_elec_type": "402", "class_change_case": "012611230099"}, 1),
        ("R24", {"new_elec_type": "402", "class_change_case": "012611230099"}, 0),
        ("R24", {"new_elec_type": "402"}, 1),
    ],
)
def test_address_and_capacity_stay_and_until_2024_the_class(
    rule_set: str, asked: dict[str, Any], said: int
) -> None:
    assert len(says("only_party_changes", rule_set, data=asked, customer=FILED)) == said


HANDED = {"state": "attached"}


@pytest.mark.parametrize(
    ("rule_set", "materials", "data", "said"),
    [
        ("R96", {"M19": HANDED}, {"old_party_agrees": True}, 0),
        ("R96", {"M19": HANDED}, {"old_party_agrees": False}, 1),
        ("R96", {}, {"old_party_agrees": True}, 1),
        ("R96", {"M18": HANDED}, {"old_party_agrees": False}, 0),
        ("R24", {"M19": HANDED}, {"old_party_agrees": True}, 1),
        ("R24", {"M18": HANDED}, {}, 0),
        ("R24", {"M18": HANDED}, {"title_holder": "别人"}, 1),
    ],
)
def test_proof_of_title_or_until_2024_the_former_partys_consent(
    rule_set: str, materials: dict[str, Any], data: dict[str, Any], said: int
) -> None:
    given = {"new_name": NEW, "title_holder": NEW} | data
    assert len(says("transfer_evidenced", rule_set, data=given, materials=materials)) == said


@pytest.mark.parametrize(
    ("ended", "begins", "said"),
    [("2026-11-23", "2026-11-23", 0), ("2026-11-22", "2026-11-23", 1), ("", "2026-11-23", 1)],
)
def test_the_two_contracts_leave_no_gap(ended: str, begins: str, said: int) -> None:
    data = {"old_contract_no": "HT1", "old_end_on": ended, "begin_date": begins}
    assert len(says("old_contract_ended", data=data)) == said


@pytest.mark.parametrize(("reading", "said"), [(500.0, 0), (499.9, 1), (None, 1)])
def test_the_transfer_reading_is_not_below_the_last_one(reading: float | None, said: int) -> None:
    archive = {
        "meter": [{"meter_id": "M", "asset_id": "A1"}],
        "assets": [{"asset_id": "A1", "asset_no": "1"}],
        "meter_register": [{"meter_id": "M", "read_type": "11", "reading": 500.0}],
    }
    data = {"transfer_readings": [{"asset_no": "1", "reading": reading}]}
    assert len(says("transfer_reading_recorded", data=data, **archive)) == said


@pytest.mark.parametrize(
    ("guard", "data"),
    [
        ("bankrupt_debts_paid", {"from_bankrupt": True}),
        ("private_transfer_debt_assumed", {"private_transfer": True}),
        ("special_prices_cleared", {"special_prices": "一户多人口", "special_cleared": False}),
    ],
)
def test_what_hangs_on_the_former_party_is_settled_by_paper(guard: str, data: dict[str, Any]) -> None:
    settled = {"bankrupt_clearance": "Q1", "debt_undertaking": "C1", "special_cleared": True}
    assert len(says(guard, data=data)) == 1
    assert says(guard, data=data | settled) == []
    assert says(guard, data={}) == []
