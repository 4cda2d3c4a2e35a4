"""Laws of batches over random archives and lists."""

from __future__ import annotations

from typing import Any

import pytest
from batches import Office, listing, whole_archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yk.batch.lists import BatchList

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def rows_for(kind: str, office: Office, draw: Any) -> BatchList:
    """A list of some of the accounts, some of them twice, some unknown, readings and places at random."""
    accounts = [row["cons_no"] for row in office.store.table("customer")]
    chosen = draw.draw(st.lists(st.sampled_from([*accounts, "1", "1019999999"]), min_size=1, max_size=25))
    areas = list(office.store.table("transformer_area"))
    found = []
    for number, cons_no in enumerate(chosen):
        if kind == "closure":
            row = {"closing_reading": float(draw.draw(st.integers(0, 99999))), "balance_way": "退还"}
            found.append({"cons_no": cons_no, **row})
        elif kind == "line-area":
            area = draw.draw(st.sampled_from(areas))
            found.append({"cons_no": cons_no, "line_no": area["line_no"], "tg_no": area["tg_no"]})
        else:
            meter = f"97{number + 1:010}"
            home = f"示范市新批{draw.draw(st.integers(1, 20))}室"
            found.append({"new_name": "示范户", "new_elec_addr": home, "cap": 8.0, "new_asset_no": meter})
    return listing(found)


@pytest.mark.parametrize("kind", ["closure", "line-area", "lv-new"])
@SLOW
@given(seed=st.integers(0, 10_000), customers=st.integers(11, 40), chunk=st.integers(1, 30), data=st.data())
def test_plan_apply_and_undo_give_back_the_archive(
    kind: str, seed: int, customers: int, chunk: int, data: Any
) -> None:
    office = Office(customers=customers, seed=seed, batch_chunk_rows=chunk, verify_every=7)
    if kind == "lv-new":
        office.put("reading_section", sect_no="9940101001", org_no="99401")
        office.put("transformer_area", tg_no="TG000001", org_no="99401")
    before = whole_archive(office.store)
    rows = rows_for(kind, office, data)
    batch = office.connect(rows) if kind == "lv-new" else office.plan(kind, rows)
    assert whole_archive(office.store) == before
    doc = office.doc(batch)
    assert doc["ready"] + doc["blocked"] + doc["skipped"] == len(rows.lines)
    if not doc["ready"]:
        return
    office.confirm(batch)
    office.apply(batch)
    assert office.doc(batch)["done"] == doc["ready"]
    assert office.desk().verify(batch) == []
    office.undo(batch)
    assert whole_archive(office.store) == before
