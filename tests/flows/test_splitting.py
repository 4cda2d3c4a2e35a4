"""分户: one account becomes several, each whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flowwalks import carried_out, put, refusals, row, rows, says
from quality import findings
from trials import fresh

from yk.desk import Desk

SHOP, FACTORY = "1016000080", "1016000082"
"""A low-voltage shop of 100 kVA; a factory of two transformers of 250 kVA."""
TWO = [
    {"part_no": "1", "cap": 60.0, "keeps": "是"},
    {"part_no": "2", "cap": 40.0, "name": "乙", "cert_no": "D2"},
]


@pytest.fixture
def desk() -> Desk:
    return fresh()


def test_the_old_number_goes_on_with_less_and_a_new_one_stands_beside_it(desk: Desk) -> None:
    order = carried_out(desk, "account_split", SHOP)
    old, new = row(desk, "customer", SHOP), row(desk, "customer", order.data["split_accounts"])
    assert (old["contract_cap"], old["run_cap"], old["status"]) == (50.0, 50.0, "0")
    assert (new["contract_cap"], new["run_cap"], new["status"]) == (50.0, 50.0, "0")
    assert (new["cons_name"], new["elec_addr"]) == ("示范分号商贸有限公司", old["elec_addr"])
    sources = {(s["line_id"], s["station_id"]) for s in rows(desk, "power_source")
               if s["cons_no"] in (SHOP, new["cons_no"])}  # fmt: skip
    assert len(sources) == 1
    for cons_no in (SHOP, new["cons_no"]):
        assert len(rows(desk, "meter", cons_no=cons_no)) == 1
        (running,) = (c for c in rows(desk, "contract", cons_no=cons_no) if c["status"] == "签订")
        assert running["cap"] == 50.0
    assert {c["status"] for c in rows(desk, "contract", cons_no=SHOP)} == {"终止", "签订"}


def test_every_new_account_is_read_and_inspected_and_its_contract_watched(desk: Desk) -> None:
    new = carried_out(desk, "account_split", SHOP).data["split_accounts"]
    assert {t["kind"] for t in rows(desk, "due_task", cons_no=new)} == {"05", "06", "07"}


def test_a_split_in_three_divides_capacity_meters_and_contracts(desk: Desk) -> None:
    stock = sorted(a["asset_no"] for a in rows(desk, "meter_asset", asset_status="02"))[:3]
    parts = [
        {"part_no": "1", "cap": 50, "keeps": "是"},
        {
            "part_no": "2",
            "cap": 30,
            "name": "示范乙店",
            "party_kind": "02",
            "cert_type": "06",
            "cert_no": "Z2",
        },
        {
            "part_no": "3",
            "cap": 20,
            "name": "示范丙店",
            "party_kind": "02",
            "cert_type": "06",
            "cert_no": "Z3",
        },
    ]
    work = [
        {"part_no": str(n), "new_asset_no": no, "new_reading": 0, "multiplier": 20, "seal_no": f"F{n}"}
        for n, no in enumerate(stock, start=1)
    ]
    order = carried_out(
        desk,
        "account_split",
        SHOP,
        parts=json.dumps(parts),
        agreement_signers=3,
        part_contracts=json.dumps([{"part_no": str(n), "contract_no": f"HT-{n}"} for n in (1, 2, 3)]),
        meter_work=json.dumps(work),
    )
    second, third = order.data["split_accounts"].split("、")
    caps = [row(desk, "customer", n)["contract_cap"] for n in (SHOP, second, third)]
    assert caps == [50.0, 30.0, 20.0]
    ids = [m["meter_id"] for n in (SHOP, second, third) for m in rows(desk, "meter", cons_no=n)]
    assert len(ids) == len(set(ids))
    assert [row(desk, "contract", f"HT-{n}")["cons_no"] for n in (1, 2, 3)] == [SHOP, second, third]


def test_a_transformer_goes_over_to_the_part_it_falls_to(desk: Desk) -> None:
    """A split below the two-part threshold, which the customer was told."""
    first, second = (t["tran_id"] for t in rows(desk, "transformer", cons_no=FACTORY))
    parts = [
        {"part_no": "1", "cap": 250, "keeps": "是"},
        {"part_no": "2", "cap": 250, "name": "示范二厂", "party_kind": "02", "cert_type": "06", "cert_no": "Z2",
         "tran_ids": second},
    ]  # fmt: skip
    order = carried_out(
        desk,
        "account_split",
        FACTORY,
        parts=json.dumps(parts),
        threshold_told=True,
        supply_mode="2",
        wiring="2",
        contract_kind="01",
    )
    new = order.data["split_accounts"]
    assert [t["tran_id"] for t in rows(desk, "transformer", cons_no=FACTORY)] == [first]
    assert [t["tran_id"] for t in rows(desk, "transformer", cons_no=new)] == [second]
    assert row(desk, "customer", new)["volt_code"] == "AC00101"
    assert findings(desk.store, "2026-11-23") == []


def test_the_money_of_the_whole_goes_back_to_the_whole(desk: Desk) -> None:
    held = row(desk, "prepayment", SHOP)["amount"]
    carried_out(desk, "account_split", SHOP)
    assert row(desk, "prepayment", SHOP)["amount"] == 0.0
    (refund,) = rows(desk, "due_task", cons_no=SHOP, kind="09")
    assert f"{held:.2f} 元" in refund["content"]


@pytest.mark.parametrize(
    ("caps", "declared", "said"),
    [((60, 40), False, 0), ((60, 40.5), False, 1), ((60, 39.5), False, 1), ((60, 39.5), True, 0)],
)
def test_the_parts_fill_the_whole_capacity(caps: tuple[float, float], declared: bool, said: int) -> None:
    parts = [{**part, "cap": cap} for part, cap in zip(TWO, caps, strict=True)]
    data = {"parts": parts, "reduction_declared": declared}
    assert len(says("parts_within_capacity", data=data, customer={"contract_cap": 100.0})) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (TWO, 0),
        (TWO[:1], 1),
        ([TWO[0], {**TWO[1], "part_no": "1"}], 1),
        ([{**TWO[0], "keeps": ""}, TWO[1]], 2),
        ([TWO[0], {**TWO[1], "keeps": "是"}], 1),
        ([TWO[0], {**TWO[1], "cert_no": None}], 1),
        ([TWO[0], {**TWO[1], "part_no": "乙"}], 1),
    ],
)
def test_the_parts_are_told_apart(parts: list[dict[str, Any]], said: int) -> None:
    assert len(says("parts_told_apart", data={"parts": parts})) == said


@pytest.mark.parametrize(
    ("whole", "caps", "said"),
    [(315.0, (300, 15), 1), (315.0, (315, 0.5), 1), (314.0, (300, 14), 0), (630.0, (315, 315), 0)],
)
def test_falling_below_the_two_part_from_is_told(whole: float, caps: tuple[float, float], said: int) -> None:
    parts = [{**part, "cap": cap} for part, cap in zip(TWO, caps, strict=True)]
    customer = {"contract_cap": whole}
    assert len(says("split_threshold_told", data={"parts": parts}, customer=customer)) == said
    told = {"parts": parts, "threshold_told": True}
    assert says("split_threshold_told", data=told, customer=customer) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agreed_shared": False}, "split_agreement_short"),
        ({"agreement_signers": 1}, "split_agreement_short"),
        ({"point_changed": True}, "split_elsewhere"),
        ({"separable": False}, "not_separable"),
        ({"part_contracts": '[{"part_no": "1", "contract_no": "HT-1"}]'}, "part_uncontracted"),
    ],
)
def test_what_a_split_is_refused_for(desk: Desk, change: dict[str, Any], code: str) -> None:
    assert refusals(desk, "account_split", SHOP, **change) == {code}


def test_works_are_paid_by_those_who_split(desk: Desk) -> None:
    assert refusals(fresh(), "account_split", SHOP, external_works=True) == {"works_cost_unassigned"}
    fee = [{"item": "分户并户工程费", "basis": "分户协议", "qty": 1, "price": 3000}]
    order = carried_out(desk, "account_split", SHOP, external_works=True, fees=fee)
    (charged,) = rows(desk, "business_fee", app_no=order.case)
    assert (charged["item"], charged["paid"]) == ("07", 3000.0)


def test_where_the_supplier_pays_the_works_it_says_why(desk: Desk) -> None:
    paper = "供电方网架改造"
    order = carried_out(desk, "account_split", SHOP, external_works=True, works_payer_basis=paper)
    assert rows(desk, "business_fee", app_no=order.case) == []


def test_a_transformer_that_stands_still_falls_to_a_part_that_can_bear_it(desk: Desk) -> None:
    """1260 kVA in two transformers, one of them reduced for a time."""
    running, still = sorted(
        rows(desk, "transformer", cons_no="1016000129"), key=lambda unit: str(unit["run_status"])
    )
    assert refusals(fresh(), "account_split", "1016000129") == {"stopped_units_unassigned"}
    parts = [
        {"part_no": "1", "cap": 560, "keeps": "是"},
        {"part_no": "2", "cap": 700, "name": "示范二厂", "party_kind": "02", "cert_type": "06", "cert_no": "Z2",
         "tran_ids": still["tran_id"]},
    ]  # fmt: skip
    high = {"supply_mode": "2", "wiring": "2", "contract_kind": "01"}
    order = carried_out(desk, "account_split", "1016000129", parts=json.dumps(parts), **high)
    new = order.data["split_accounts"]
    caps = [
        (c["contract_cap"], c["run_cap"]) for c in (row(desk, "customer", n) for n in ("1016000129", new))
    ]
    assert caps == [(560.0, 560.0), (700.0, 70.0)]
    assert {s["cons_no"] for s in rows(desk, "stoppage", tran_id=still["tran_id"])} == {new}
    assert [t["tran_id"] for t in rows(desk, "transformer", cons_no="1016000129")] == [running["tran_id"]]


def test_debts_of_the_whole_come_first(desk: Desk) -> None:
    put(desk, "receivable", rcv_id="R1", cons_no=SHOP, ym=202611, kind="010", amount=9.9, paid=0.0)
    assert refusals(desk, "account_split", SHOP) == {"arrears"}


def test_two_contracts_with_one_number_are_one() -> None:
    rows_ = [{"part_no": "1", "contract_no": "HT-1"}, {"part_no": "2", "contract_no": "HT-1"}]
    assert len(says("each_part_contracted", data={"parts": TWO, "part_contracts": rows_})) == 1
