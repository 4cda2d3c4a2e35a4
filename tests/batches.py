"""A small office for batches: a dozen accounts alike made by hand, lists as they come from a file, desks, whole cycles.

Accounts `n(1)` to `n(12)` hang on line `L00001` and area `TG000001` of unit 99401, 8 kW each, meters at 100 kWh, nothing
in their way; a test plants the defects it is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from yk.archive import make
from yk.archive.opening import open_store
from yk.batch import applying, ordering, planning, undoing
from yk.batch.kinds import find_kind
from yk.batch.lists import BatchList, Line
from yk.batch.rows import all_rows, get_batch, public_row
from yk.clock import VirtualClock
from yk.desk import Desk
from yk.desk.operators import demonstration_operators
from yk.errors import Refused
from yk.settings import Settings
from yk.settings import load as load_settings
from yk.store import Store

Data = dict[str, Any]
DAY = "2026-11-23T09:30"
OWN = ("case", "event", "batch", "batch_row", "counter", "definition", "operator", "meta", "last_step")
"""Tables that are not the archive."""
LINE, AREA, UNIT, SECTION = "L00001", "TG000001", "99401", "9940101001"
LINES = (
    {"line_no": LINE, "org_no": UNIT, "status": "01"},
    {"line_no": "L00005", "org_no": UNIT, "status": "01"},
    {"line_no": "L00002", "org_no": "99402", "status": "01"},
    {"line_no": "L00090", "org_no": UNIT, "status": "02"},
)
AREAS = (
    {"tg_no": AREA, "line_no": LINE},
    {"tg_no": "TG000005", "line_no": "L00005"},
    {"tg_no": "TG000009", "line_no": LINE},
    {"tg_no": "TG000002", "line_no": "L00002", "org_no": "99402"},
    {"tg_no": "TG000090", "line_no": LINE, "status": "02"},
    {"tg_no": "TG000091", "line_no": LINE, "pub_priv": "02"},
)
SECTIONS = ({"sect_no": SECTION, "org_no": UNIT}, {"sect_no": "9940201001", "org_no": "99402"})
LV_VALUES = {
    "new_name": "示范物业有限公司", "party_kind": "02", "new_elec_addr": "示范市新批小区", "supply_tg_no": AREA,
    "mobile": "19900001111", "new_cert_type": "06", "new_cert_no": "91990000MA0000001X", "sect_no": SECTION,
    "scheme_tariff_code": "R01", "seal": "01",
}  # fmt: skip
"""What a clerk says of an estate besides its list."""


def n(number: int) -> str:
    """The number of an account of the small archive."""
    return f"10160000{number:02}"


def asset(number: int) -> str:
    """The asset number of the meter of an account."""
    return f"9900000000{number:02}"


def stock(number: int) -> str:
    """The asset number of a meter on the shelf."""
    return f"9700000000{number:02}"


# -- lists ---------------------------------------------------------------------------------------------------
def listing(rows: Iterable[Mapping[str, Any]], name: str = "清单.csv") -> BatchList:
    """A list as it is read from a file with these rows from line 2 on."""
    lines = [Line(number, dict(row), []) for number, row in enumerate(rows, start=2)]
    columns = list(dict.fromkeys(column for line in lines for column in line.values))
    digest = hashlib.sha256(repr([line.values for line in lines]).encode()).hexdigest()
    return BatchList(name, digest, "utf-8", "", columns, [], lines, [])


def closing(*accounts: int | Mapping[str, Any], **same: Any) -> BatchList:
    """Accounts to be closed: by number, or a row that says otherwise; `same` in every row."""
    row = {"closing_reading": 150.0, "reason": "拆迁", **same}
    return listing({**row, **({"cons_no": n(a)} if isinstance(a, int) else a)} for a in accounts)


def moving(*accounts: int | Mapping[str, Any], **same: Any) -> BatchList:
    """Accounts to be moved, to line L00005 and area TG000005 unless said otherwise."""
    row = {"line_no": "L00005", "tg_no": "TG000005", "basis": "YJ-1", **same}
    return listing({**row, **({"cons_no": n(a)} if isinstance(a, int) else a)} for a in accounts)


def house(number: int, **other: Any) -> Data:
    """A household to be connected."""
    row = {"new_name": f"示范户{number}", "new_elec_addr": f"示范市新批{number}室", "cap": 8.0}
    return {**row, "new_asset_no": stock(number), "new_reading": 0.0, **other}


def connecting(*households: int | Mapping[str, Any]) -> BatchList:
    """Households to be connected: by number, or a row as it is."""
    return listing(house(h) if isinstance(h, int) else h for h in households)


# -- the archive ---------------------------------------------------------------------------------------------
def whole_archive(store: Store) -> dict[str, dict[str, Data]]:
    """Everything but orders, events and batches: table -> id -> row; what is absent and what is empty are the same."""
    return {
        name: {doc.doc_id: {k: v for k, v in doc.items() if v is not None} for doc in store.table(name)}
        for name in store.medium.collections
        if name not in OWN
    }


def traces(store: Store) -> dict[str, dict[str, Data]]:
    """Everything there is."""
    return {name: {d.doc_id: dict(d) for d in store.table(name)} for name in store.medium.collections}


def small_archive(store: Store) -> None:
    """A dozen low-voltage accounts, lines, areas, sections, meters on the shelf."""
    tables: dict[str, list[Data]] = {
        "line": [{"volt_code": "AC00101", "cap": 20000.0, **row} for row in LINES],
        "transformer_area": [{"org_no": UNIT, "cap": 400.0, "pub_priv": "01", "status": "01", **row} for row in AREAS],
        "reading_section": [dict(row) for row in SECTIONS],
        "meter_asset": [
            {"asset_id": f"A{stock(i)}", "asset_no": stock(i), "asset_status": "02"} for i in range(1, 13)
        ],
        "tariff": [{"tariff_code": "R01", "tariff_name": "居民", "volt_code": "01", "elec_type": "202", "kwh_price": 0.5}],
    }  # fmt: skip
    for i in range(1, 13):
        for table, row in _account(i).items():
            tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        collection = store.table(table)
        collection.put((collection.collection.doc_id(row), row) for row in rows)


def _account(i: int) -> dict[str, Data]:
    no = n(i)
    name, address = f"示范户主{i}", f"示范市示范里{i}室"
    return {
        "party": {
            "party_no": f"P{no}", "party_name": name, "party_kind": "01", "cert_type": "01", "cert_no": f"ID{no}",
        },
        "customer": {
            "cons_no": no, "cons_name": name, "elec_addr": address, "org_no": UNIT, "cons_sort": "03", "elec_type": "202",
            "trade_code": "Y9910", "volt_code": "AC02202", "contract_cap": 8.0, "run_cap": 8.0, "meas_mode": "3",
            "status": "0", "stop_flag": "0", "tmp_flag": "03", "sect_no": SECTION, "read_seq": i, "party_no": f"P{no}",
        },
        "supply_point": {"sp_id": f"SP{no}", "cons_no": no, "org_no": UNIT, "sp_type": "01"},
        "power_source": {
            "ps_id": f"PS{no}1", "sp_id": f"SP{no}", "cons_no": no, "org_no": UNIT, "line_id": LINE, "station_id": AREA,
        },
        "metering_point": {
            "mp_id": f"MP{no}1", "cons_no": no, "org_no": UNIT, "sp_id": f"SP{no}", "usage_type": "01", "status": "02",
        },
        "meter": {
            "meter_id": f"M{no}1", "asset_id": f"A{asset(i)}", "cons_no": no, "mp_id": f"MP{no}1", "int_digits": 6,
            "multiplier": 1.0,
        },
        "meter_asset": {"asset_id": f"A{asset(i)}", "asset_no": asset(i), "asset_status": "03"},
        "meter_register": {
            "reg_id": f"RG{no}1", "meter_id": f"M{no}1", "cons_no": no, "read_type": "11", "reading": 100.0,
        },
        "contract": {"contract_no": f"HT{no}", "cons_no": no, "kind": "03", "status": "归档", "end_date": "2030-01-01"},
    }  # fmt: skip


# -- the office ----------------------------------------------------------------------------------------------
class Office:
    """A store with an archive, a clock, settings; desks by operator; batches by their numbers."""

    def __init__(self, url: str = "memory://", customers: int = 0, seed: int = 2026, **settings: Any) -> None:
        self.store = open_store(url, create=True)
        self.clock = VirtualClock(DAY)
        self.settings: Settings = load_settings({}).with_values(**settings)
        with self.store.transaction():
            if customers:
                make.fill(self.store, customers, seed)
            else:
                small_archive(self.store)
            self.store.table("operator").put((o.id, o.doc()) for o in demonstration_operators())

    def desk(self, operator: str = "trainer", dry_run: bool = False, store: Store | None = None) -> Desk:
        """A desk of its own for `operator`, on another connection when one is given."""
        return Desk(self.store if store is None else store, operator, self.clock, self.settings, dry_run)

    # -- archive
    def put(self, entity: str, **row: Any) -> None:
        """Lay fields over a row of the archive, or add it."""
        table = self.store.table(entity)
        key = table.collection.doc_id(row)
        table.save({**(table.get(doc_id=key) or {}), **row})

    def get(self, entity: str, key: str) -> Data:
        """A row of the archive, {} when there is none."""
        return dict(self.store.table(entity).get(doc_id=key) or {})

    def owes(self, cons_no: str, amount: float = 42.5) -> None:
        """Make an account owe `amount` yuan."""
        self.put(
            "receivable",
            rcv_id=f"R{cons_no}",
            cons_no=cons_no,
            ym=202610,
            kind="010",
            amount=amount,
            paid=0.0,
        )

    def second_meter(self, number: int, reading: float = 20.0) -> None:
        """Give an account a second meter, asset 98….."""
        no, other = n(number), f"9800000000{number:02}"
        self.put("meter_asset", asset_id=f"A{other}", asset_no=other, asset_status="03")
        self.put(
            "meter", meter_id=f"M{no}2", asset_id=f"A{other}", cons_no=no, mp_id=f"MP{no}1", int_digits=6
        )
        self.put(
            "meter_register",
            reg_id=f"RG{no}2",
            meter_id=f"M{no}2",
            cons_no=no,
            read_type="11",
            reading=reading,
        )

    # -- batches
    def plan(self, kind: str, rows: BatchList, operator: str = "trainer", **values: Any) -> str:
        """Plan a list; the number of the batch."""
        *_, last = planning.plan(self.desk(operator), find_kind(kind), rows, values)
        return last.batch

    def connect(self, rows: BatchList) -> str:
        """Plan households with everything an estate needs, its papers handed in."""
        batch = self.plan("lv-new", rows, **LV_VALUES)
        for paper in ("M01", "M03"):
            self.desk().attach(batch, paper)
        return batch

    def doc(self, batch: str) -> Data:
        """The batch as it is kept."""
        return get_batch(self.store, batch)

    def counts(self, batch: str) -> dict[str, int]:
        """How many rows are in which status; none is left out."""
        doc = self.doc(batch)
        names = ("ready", "blocked", "skipped", "done", "failed", "undone")
        return {name: doc[name] for name in names if doc[name]}

    def rows(self, batch: str, status: str = "") -> list[Data]:
        """The rows as the contract shows them."""
        return [public_row(row, unmasked=True) for row in all_rows(self.store, self.doc(batch), status)]

    def statuses(self, batch: str) -> list[str]:
        """The status of every row, in order."""
        return [row["status"] for row in self.rows(batch)]

    def confirm(self, batch: str, operator: str = "trainer") -> tuple[Data, int, int]:
        """Answer everything that `operator` may."""
        return ordering.confirm(self.desk(operator), self.doc(batch), [], every=True)

    def apply(self, batch: str, stop_on_failure: bool = False) -> list[applying.Progress]:
        """Apply, or go on applying."""
        return list(applying.apply(self.desk(), batch, stop_on_failure))

    def carry_out(self, kind: str, rows: BatchList, **values: Any) -> str:
        """A batch from its list to its end."""
        batch = self.connect(rows) if kind == "lv-new" else self.plan(kind, rows, **values)
        self.confirm(batch)
        self.apply(batch)
        return batch

    def until_writing(self, batch: str) -> None:
        """Confirm and send the order on to where the rows are written; none is."""
        self.confirm(batch)
        list(ordering.forward(self.desk(), self.doc(batch), "data_archiving"))

    def undo(self, batch: str) -> list[applying.Progress]:
        """Take a batch back, or go on taking back."""
        return list(undoing.undo(self.desk(), batch))


def said(row: Mapping[str, Any], part: str = "reasons") -> set[str]:
    """The codes of a row's reasons or notices."""
    return {reason["code"] for reason in row[part]}


def messages(row: Mapping[str, Any], part: str = "reasons") -> str:
    """Everything a row says."""
    return "\n".join(reason["message"] for reason in row[part])


def refusal(call: Any) -> list[Any]:
    """The reasons for which a call (or walking what it gives) is refused; [] when it is not."""
    try:
        made = call()
        if hasattr(made, "__next__"):
            list(made)
    except Refused as error:
        return list(error.reasons)
    return []


def codes(call: Any) -> set[str]:
    """The codes a call is refused with."""
    return {reason.code for reason in refusal(call)}
