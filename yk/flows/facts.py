"""The facts a guard, a condition or an effect may look at: gathered beforehand, never fetched while asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]

SOURCES = {
    "customer": "the customer's own row; {} when the order has none",
    "party": "the customer's party (certificate holder); {} when unknown",
    "receivable": "the customer's receivables not yet settled",
    "related": "other customers of the same certificate, each with `owed` yuan",
    "prepayment": "the customer's prepaid balance; {} when none",
    "contract": "the customer's supply contract in force or latest; {} when none",
    "contract_change": "contract changes recorded under this work order",
    "violation": "the customer's violations not yet closed",
    "kin_lock": "{held}: does a parent work order hold the customer's lock?",
    "orders": "other work orders open on the customer: {case, flow_name}",
    "contact": "the customer's contacts",
    "billing_info": "the customer's invoice and debit data; {} when none",
    "document_record": "archive slots taken by other work orders at the same file number, cabinet and box",
    "children": "child work orders of this step: {case, flow_name, status}",
    "child": "the form of the last child work order, its `case` and `flow` besides; {} when none",
    "parent": "the form of the parent work order, its `case` and `flow` besides; {} when none",
    "supply_point": "the customer's supply points",
    "power_source": "the customer's power sources",
    "transformer": "the customer's transformers",
    "metering_point": "the customer's metering points",
    "customer_price": "the customer's prices",
    "meter": "the customer's running meters",
    "meter_register": "the registers of the customer's meters",
    "instrument_transformer": "the customer's running instrument transformers",
    "terminal": "the customer's data terminals",
    "reading": "the customer's meter readings",
    "outage": "the customer's outages",
    "adjustment": "what was charged or given back to the customer after metering mistakes",
    "business_fee": "the customer's business fees, of all work orders; those of this work order when there is no customer",
    "due_task": "the customer's tasks that are not done",
    "seal_record": "the customer's records of sealing and unsealing",
    "stoppage": "what of the customer stands still or stood still for a time: reductions, suspensions, removals, swaps",
    "inspection_record": "the customer's inspection records",
    "equipment_defect": "the customer's equipment defects",
    "signed_contract": "the contract this order (or its last child) has signed, by the number in the form; {} when none",
    "contracts": "all supply contracts of the customer",
    "amendments": "all contract changes recorded for the customer",
    "contract_terms": "what a contract should say, see `yk.desk.contracting`",
    "assets": "meter assets whose number stands in the form: {asset_id, asset_no, asset_status}",
    "lines": "lines whose number stands in the form or in the customer's power sources",
    "areas": "transformer areas whose number stands in the form or in the customer's power sources",
    "tariffs": "tariffs whose code stands in the form or in the customer's prices",
    "sections": "reading sections whose number stands in the form",
    "qualifications": "registered qualifications of the certificate (qual_cert_no) or the person (person_no) in the form",
    "free_numbers": "account numbers that are free, in order",
    "applicant_accounts": "accounts of the certificate number in the form: {cons_no, cons_name, owed}",
    "addressed": "accounts at the addresses in the form: fields and columns whose name ends with elec_addr",
    "same_address": "at the address in the form: {customers: open accounts, orders: other open work orders}",
    "partners": "other customers the form names in `partners` (column cons_no), with what is theirs, see `yk.desk.partners`",
    "partners_related": "cons_no of a partner -> other accounts of its certificate: {cons_no, cons_name, owed, receivable}",
    "area_loads": "tg_no -> kVA that hang on the transformer areas named in the form",
    "operators": "everybody who may act: {operator, name, roles, org}",
    "batch": "what the order's batch counts: {rows, ready, blocked, skipped, done, failed}; {} when it has none",
    "repair": "the list of a batch modification beside the archive as it is, see `yk.desk.repair_rows`",
}
"""What `reads` of a guard, condition or effect may name."""


@dataclass(slots=True)
class Facts:
    """A snapshot around one work order.

    `today` and `now` are ISO texts in Beijing time; `data` the form; `materials` what was handed in;
    `office` the unit the operator works at, else the customer's; `flow` the Chinese name of the flow; `archive` source name -> row or rows (see SOURCES); `settings` the named settings in force.
    """

    case: str = ""
    now: str = ""
    rule_set: str = "R24"
    operator: str = ""
    office: str = ""
    flow: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Row] = field(default_factory=dict)
    archive: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> str:
        """The date of `now`, YYYY-MM-DD."""
        return self.now[:10]

    def row(self, source: str) -> Row:
        """The one row of `source`; {} when there is none."""
        found: Row = self.archive[source]
        return found

    def rows(self, source: str) -> Sequence[Row]:
        """The rows of `source`."""
        found: Sequence[Row] = self.archive[source]
        return found

    def get(self, name: str) -> str:
        """A form field as text, '' when not filled."""
        value = self.data.get(name)
        return "" if value is None else str(value)

    def filled(self, **data: Any) -> Facts:
        """The same facts with some form fields replaced."""
        return Facts(
            self.case,
            self.now,
            self.rule_set,
            self.operator,
            self.office,
            self.flow,
            {**self.data, **data},
            self.materials,
            self.archive,
            self.settings,
        )
