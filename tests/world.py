"""A small world for tests: a tiny archive, one operator a role, a clock; and orders brought to where a test begins.

The archive: `COMPANY` (with a second account `TWIN` of the same party), `PERSON` (power cut off) and `CLOSED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from yk.archive.numbering import credit_code_check, id_card_check
from yk.archive.opening import open_store
from yk.clock import VirtualClock
from yk.desk import Desk, WorkOrder
from yk.desk.operators import demonstration_operators
from yk.desk.taking_back import KEPT
from yk.errors import Reason, Refused, YkError
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.flow import Flow
from yk.settings import Settings
from yk.settings import load as load_settings
from yk.store import Store

Data = dict[str, Any]
START = "2026-11-20T09:00"
"""A Friday in a week without holidays."""

COMPANY, TWIN, PERSON, CLOSED = "1016000001", "1016000002", "1016000003", "1016000009"
CREDIT_CODE = (body := "91990000MA0000000") + credit_code_check(body)
ID_CARD = (digits := "99010119800229001") + id_card_check(digits)
OLD_NAME, NEW_NAME = "示范老厂", "示范新厂"

PARTIES = (
    {"party_no": "P1", "party_name": OLD_NAME, "party_kind": "02", "cert_type": "20", "cert_no": CREDIT_CODE},
    {"party_no": "P3", "party_name": "安知行", "party_kind": "01", "cert_type": "01", "cert_no": ID_CARD},
)
WHOLE = {
    "elec_addr": "示范市城东路1号",
    "org_no": "99401",
    "elec_type": "100",
    "volt_code": "AC00101",
    "trade_code": "3399",
    "tmp_flag": "03",
    "note_type": "01",
    "notify_mode": "01",
}
CUSTOMERS = (
    {"cons_no": COMPANY, "cons_name": OLD_NAME, "contract_cap": 315.0, "status": "0", "party_no": "P1"},
    {"cons_no": TWIN, "cons_name": "示范老厂二分厂", "contract_cap": 100.0, "status": "0", "party_no": "P1"},
    {"cons_no": PERSON, "cons_name": "安知行", "contract_cap": 8.0, "status": "2", "party_no": "P3"},
    {"cons_no": CLOSED, "cons_name": "示范旧户", "contract_cap": 8.0, "status": "9", "party_no": "P3"},
)
CONTRACTS = (
    {
        "contract_no": "HT1",
        "cons_no": COMPANY,
        "cons_name": OLD_NAME,
        "status": "签订",
        "end_date": "2030-06-30",
    },
    {
        "contract_no": "HT3",
        "cons_no": PERSON,
        "cons_name": "安知行",
        "status": "签订",
        "end_date": "2030-06-30",
    },
)
OTHERS = {
    "contact": (
        {"contact_id": "C1", "cons_no": COMPANY, "kind": "01", "name": "旧联系人", "mobile": "19900000000"},
    ),
    "billing_info": ({"cons_no": COMPANY, "invoice_title": OLD_NAME, "tax_no": CREDIT_CODE},),
}

RENAME: dict[str, tuple[str, Data]] = {
    "acceptance": (
        "acceptance_clerk",
        {
            "new_name": NEW_NAME,
            "new_cert_name": NEW_NAME,
            "new_cert_end": "2031-01-01",
            "contact_name": "安知行",
            "contact_addr": "示范市城东路1号",
            "mobile": "19900001111",
            "seal": "01",
        },
    ),
    "contract_change": (
        "contract_manager",
        {"agreement_no": "XY-1", "sign_date": "2026-11-20", "begin_date": "2026-11-20"},
    ),
    "data_archiving": ("archivist", {"archive_conclusion": "1"}),
    "follow_up": ("follow_up_agent", {"visit_result": "1", "satisfaction": "2"}),
    "document_archiving": (
        "archivist",
        {"file_no": "D-1", "cabinet": "G1", "box": "H3", "originals_complete": "是"},
    ),
}
"""The steps of 更名: who does them, and what makes the form pass."""


class World:
    """A store, a clock, the settings; desks by operator."""

    def __init__(self, url: str = "memory://", **settings: Any) -> None:
        self.store = open_store(url, create=True)
        self.clock = VirtualClock(START)
        self.settings: Settings = load_settings({}).with_values(**settings)
        with self.store.transaction():
            tiny_archive(self.store)
            for operator in demonstration_operators():
                self.store.table("operator").save(operator.doc())

    def desk(self, operator: str = "acceptance_clerk", dry_run: bool = False) -> Desk:
        """A desk of its own for `operator`."""
        return Desk(self.store, operator, self.clock, self.settings, dry_run)

    def dump(self) -> dict[str, dict[str, Data]]:
        """Everything the store holds but what is kept for undoing: table -> id -> document."""
        return {
            name: {d.doc_id: dict(d) for d in self.store.table(name)}
            for name in self.store.medium.collections
            if name != KEPT
        }

    def row(self, entity: str, key: str) -> Data:
        """One row of the archive."""
        return dict(self.store.table(entity).get(doc_id=key))

    def put(self, entity: str, **row: Any) -> None:
        """Lay fields over a row of the archive, or add it."""
        table = self.store.table(entity)
        key = table.collection.doc_id(row)
        table.save({**(table.get(doc_id=key) or {}), **row})

    def unpaid(self, cons_no: str = COMPANY, amount: float = 1286.0) -> None:
        """Make `cons_no` owe `amount` yuan."""
        self.put("receivable", rcv_id=f"R{cons_no}", cons_no=cons_no, ym=202610, amount=amount, paid=0.0)

    # -- 更名, step by step ----------------------------------------------------------------------------
    def open_rename(self, customer: str = COMPANY, **data: Any) -> WorkOrder:
        """A 更名 order at acceptance with nothing but what fills itself and `data`."""
        return self.desk().open("rename", customer, data)

    def prepare(self, case: str, **data: Any) -> WorkOrder:
        """Make everything right for the step the order stands at."""
        order = self.desk().get(case)
        step = order.at[0]
        operator, values = RENAME[step]
        desk = self.desk(operator)
        if "file_no" in values:
            values = values | {"file_no": f"D-{case}"}
        desk.fill(case, values | data)
        if step == "acceptance":
            for code in ("M01", "M02" if order.cons_no == PERSON else "M03", "M31"):
                desk.attach(case, code)
        return desk.confirm(case, [], every=True)

    def pass_step(self, case: str, **data: Any) -> WorkOrder:
        """Prepare the order's step and send it on."""
        self.prepare(case, **data)
        order = self.desk().get(case)
        return self.desk(RENAME[order.at[0]][0]).send(case)

    def at(self, step: str, customer: str = COMPANY) -> WorkOrder:
        """A 更名 order that has just come to `step`."""
        order = self.open_rename(customer)
        while order.at[0] != step:
            order = self.pass_step(order.case)
        return order

    def ready(self, step: str, customer: str = COMPANY) -> WorkOrder:
        """A 更名 order at `step`, nothing in its way."""
        return self.prepare(self.at(step, customer).case)

    def done(self, customer: str = COMPANY) -> WorkOrder:
        """A 更名 order archived."""
        return self.pass_step(self.at("document_archiving", customer).case)

    # -- other flows -----------------------------------------------------------------------------------
    def open(self, flow: Flow, cons_no: str = COMPANY, **data: Any) -> WorkOrder:
        """An order of a flow that has no definition file."""
        desk = self.desk(flow.step(flow.first)["role"])
        with desk.unit():
            return desk.new_order(flow, cons_no if flow.doc["customer"] else "", data)

    def alter(self, order: WorkOrder, change: Change) -> WorkOrder:
        """Write a recipe's change into archive, form and materials."""
        desk = self.desk("trainer")
        with desk.unit():
            fresh = desk.get(order.case)
            for code, facts in change.materials.items():
                fresh.materials[code] = {"state": "attached", **facts}
            desk.apply(fresh, change)
            desk.log(fresh, "altered")
        return fresh

    def facts(self, order: WorkOrder, step: str = "") -> Facts:
        """The facts around an order at the step it stands at, self-filling fields filled in."""
        desk = self.desk("trainer")
        return desk.examination(desk.get(order.case), step or desk.steps_at(order)[0]).facts


def tiny_archive(store: Store) -> None:
    """Fill the archive of an empty store."""
    tables: Mapping[str, Any] = {
        "party": [{**row, "cert_end": "2031-01-01"} for row in PARTIES],
        "customer": [{**WHOLE, **row} for row in CUSTOMERS],
        "contract": CONTRACTS,
        **OTHERS,
    }
    for name, rows in tables.items():
        for row in rows:
            store.table(name).save(row)


def error_of(call: Callable[..., Any], *args: Any) -> YkError | None:
    """The expected failure of a call, None when it went well; anything else goes through."""
    try:
        call(*args)
    except YkError as error:
        return error
    return None


@contextmanager
def refused(*codes: str) -> Iterator[list[Reason]]:
    """The block is refused, with exactly these codes (in any order) when some are given."""
    reasons: list[Reason] = []
    with pytest.raises(Refused) as caught:
        yield reasons
    reasons.extend(caught.value.reasons)
    if codes:
        assert sorted(r.code for r in reasons) == sorted(codes), [r.message for r in reasons]
