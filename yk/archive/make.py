"""The demonstration archive, made from a seed: an invented supply area of any size, clean under every data-quality rule.

Account numbers run on from 1016000001. The first eleven are the same cases for every seed and size:

1016000001  company at 10 kV, contract and certificate valid, nothing owed: the main demonstration of 更名
1016000002  company at 10 kV with arrears; its party's other account 1016000003 has arrears too
1016000003  low-voltage account of the party of 1016000002, with arrears
1016000004  closed (已销户)
1016000005  an application is open (当前变更客户, a work order without archive time)
1016000006  resident, nothing owed
1016000007  resident with arrears
1016000008  open breach of contract (违约用电 not closed)
1016000009  temporary supply with a meter (装表临时用电)
1016000010  contract expired
1016000011  certificate of the party expired
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from yk.archive.making import billing, metering, papers, premises, reference, standing
from yk.archive.making.materials import Materials, materials
from yk.archive.making.plan import Grid, Plan, base_of, draw, draw_party
from yk.errors import UsageError

if TYPE_CHECKING:
    from yk.store import Store

Document = dict[str, Any]
MOST = 1_000_000
"""So many customers have application numbers of their own."""
DEMO = Path(__file__).with_name("demo.jsonl")
"""The archive of 150 customers with seed 2026, shipped with the package."""
_LINE_ROWS = 500
_CHUNK = 500


def documents(customers: int = 150, seed: int = 2026) -> Iterator[Document]:
    """The archive as documents: shared rows first (`{entity: [rows]}`), then one nested document a customer.

    The same arguments always give the same documents; memory does not grow with `customers`.
    Raises UsageError (`bad_count`) outside 11 … 1,000,000.
    """
    made = materials()
    least = len(made.demonstration)
    if not least <= customers <= MOST:
        raise UsageError("bad_count", f"客户数应在 {least} 到 {MOST} 之间，现为 {customers}")
    return _documents(made, Grid.of(tuple(made.districts), customers), customers, seed)


def lines(customers: int = 150, seed: int = 2026) -> Iterator[bytes]:
    """The same as lines of JSON, UTF-8."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    for document in documents(customers, seed):
        yield encode(document).encode() + b"\n"


def fill(store: Store, customers: int = 150, seed: int = 2026) -> int:
    """Put the archive into an open store, 500 documents a unit of work; gives the number of rows."""
    count, rows = 0, dict[str, list[tuple[str, Document]]]()
    for number, document in enumerate(documents(customers, seed), start=1):
        _collect(store, document, rows)
        if number % _CHUNK == 0:
            count += _put(store, rows)
    return count + _put(store, rows)


def _collect(store: Store, document: Document, rows: dict[str, list[tuple[str, Document]]]) -> None:
    tables = {name: value for name, value in document.items() if isinstance(value, list)}
    if "cons_no" in document:
        tables["customer"] = [{k: v for k, v in document.items() if k not in tables}]
    for name, entries in tables.items():
        doc_id = store.table(name).collection.doc_id
        rows.setdefault(name, []).extend((doc_id(row), row) for row in entries)


def _put(store: Store, rows: dict[str, list[tuple[str, Document]]]) -> int:
    with store.transaction():
        for name, entries in rows.items():
            store.table(name).put(entries)
    count = sum(len(entries) for entries in rows.values())
    rows.clear()
    return count


def _documents(made: Materials, grid: Grid, customers: int, seed: int) -> Iterator[Document]:
    for entity, group in groupby(reference.rows(made, grid), key=lambda pair: pair[0]):
        shared = [row for _, row in group]
        for start in range(0, len(shared), _LINE_ROWS):
            yield {entity: shared[start : start + _LINE_ROWS]}
    rng = Random()
    for index in range(customers):
        base = base_of(made, index)
        rng.seed(seed * MOST + base)
        party = draw_party(made, rng, base)
        if base != index:
            rng.seed(seed * MOST + index)
        yield _document(made, grid, draw(made, grid, rng, index, party))


def _document(made: Materials, grid: Grid, plan: Plan) -> Document:
    """One customer with everything that belongs to it; entities it has no row of are left out."""
    read = metering.months(made, plan)
    used = billing.used(plan, len(read))
    parts: list[Mapping[str, list[Document]]] = [
        {"party": papers.party(made, plan)},
        premises.supply(grid, plan),
        {"transformer": premises.transformers(made, grid, plan)},
        {"customer_price": metering.prices(grid, plan), "metering_point": metering.points(made, grid, plan)},
        metering.devices(made, plan),
        metering.readings(plan, read, used),
        {"contract": papers.contract(made, plan), "contact": papers.contacts(made, grid, plan)},
        {"work_order": papers.work_orders(made, plan)},
        papers.documents(made, plan),
        papers.former_names(made, plan),
        billing.account(plan),
        {"receivable": billing.receivables(made, plan, read, used)},
        {"outage": billing.outages(made, plan), "violation": billing.violations(made, plan)},
        billing.corrections(made, plan),
        standing.rows(made, plan),
    ]
    document = premises.customer(made, grid, plan)
    for part in parts:
        for entity, rows in part.items():
            if rows:
                document[entity] = rows
    return document
