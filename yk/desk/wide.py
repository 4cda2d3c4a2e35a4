"""Facts that reach beyond an account: what its owner owes elsewhere, what hangs on a transformer area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yk.desk.looking_up import by_account, rows_in
from yk.flows.guards.account import CLOSED, owed
from yk.store import Store
from yk.store.conditions import Comparison

Row = dict[str, Any]


def related_accounts(store: Store, partners: Iterable[Mapping[str, Any]]) -> dict[str, list[Row]]:
    """Account number -> the other accounts of its certificate (of its party where there is none), closed ones too:
    `{cons_no, cons_name, owed, receivable}`; those that owe nothing are left out."""
    party_of = {p["cons_no"]: p["party"] for p in partners if p["party"]}
    certificates = {str(party["cert_no"]) for party in party_of.values() if party.get("cert_no")}
    same: dict[str, list[str]] = {}
    for row in rows_in(store, "party", "cert_no", sorted(certificates)):
        same.setdefault(str(row["cert_no"]), []).append(str(row["party_no"]))
    kin = {no: same.get(str(party.get("cert_no"))) or [party["party_no"]] for no, party in party_of.items()}
    accounts: dict[str, list[Row]] = {}
    for row in rows_in(
        store, "customer", "party_no", sorted({one for found in kin.values() for one in found})
    ):
        accounts.setdefault(str(row["party_no"]), []).append(row)
    debtors = _debts(store, {row["cons_no"] for rows in accounts.values() for row in rows})
    return {
        cons_no: [
            {
                "cons_no": row["cons_no"],
                "cons_name": row["cons_name"],
                "owed": round(sum(map(owed, debtors[row["cons_no"]])), 2),
                "receivable": debtors[row["cons_no"]],
            }
            for party in parties
            for row in accounts.get(party, ())
            if row["cons_no"] != cons_no and row["cons_no"] in debtors
        ]
        for cons_no, parties in kin.items()
    }


def _debts(store: Store, numbers: Iterable[str]) -> dict[str, list[Row]]:
    return by_account(
        row for row in rows_in(store, "receivable", "cons_no", sorted(numbers)) if owed(row) > 0
    )


def area_loads(store: Store, areas: Iterable[str]) -> dict[str, float]:
    """Transformer area -> the running capacities that hang on it, kVA (or kW at low voltage), closed accounts aside."""
    sources = list(_picked(store, "power_source", ("station_id", "cons_no"), "station_id", areas))
    fields = ("cons_no", "status", "run_cap", "contract_cap")
    customers = _picked(store, "customer", fields, "cons_no", {cons_no for _, cons_no in sources})
    caps = {cons_no: float(run or cap or 0) for cons_no, status, run, cap in customers if status != CLOSED}
    loads: dict[str, float] = {}
    for area, cons_no in sources:
        loads[area] = loads.get(area, 0.0) + caps.get(cons_no, 0.0)
    return loads


def _picked(
    store: Store, table: str, fields: tuple[str, ...], field: str, values: Iterable[str]
) -> Iterable[tuple[Any, ...]]:
    medium, wanted = store.medium, tuple(sorted(set(values)))
    return medium.pick(medium.collections[table], fields, [Comparison(field, "in", wanted)]) if wanted else ()
