"""Exporting: importing the export gives the same archive; formulas stay text; personal numbers can be masked."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from yk.archive import exporting, make
from yk.archive.dictionary import entities, entity
from yk.archive.exporting import FORMATS, export
from yk.archive.importing import import_files
from yk.errors import UnreadableError, UsageError
from yk.store import Store

from .conftest import contents, empty_store

Row = dict[str, Any]


def filled(**tables: list[Row]) -> Store:
    store = empty_store()
    for name, rows in tables.items():
        one = entity(name)
        stored = [{k: one.fields[k].parse(v) for k, v in row.items()} for row in rows]
        store.table(name).put([(one.doc_id(row), row) for row in stored])
    return store


def came_back(store: Store, target: Path, fmt: str) -> Store:
    export(store, target, fmt)
    other = empty_store()
    report = import_files(other, [target])
    assert report.rejected == []
    assert report.unknown_columns == []
    return other


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_demonstration_archive_comes_back(tmp_path: Path, fmt: str) -> None:
    store = empty_store()
    count = make.fill(store, 60)
    target = tmp_path / f"out.{fmt}"
    assert contents(came_back(store, target, fmt)) == contents(store)
    assert sum(export(store, target, fmt).values()) == count


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.from_regex(
    r"\A'{0,2}[=+\-@][0-9A-Z'\"\t,;]{0,5}\Z"
)
CUSTOMERS = st.fixed_dictionaries(
    {"cons_no": TEXTS},
    optional={
        "cons_name": TEXTS,
        "run_cap": st.floats(allow_nan=False, allow_infinity=False),
        "read_seq": st.integers(1 - 2**63, 2**63 - 1),
        "build_date": st.dates(),
    },
)
OUTAGES = st.fixed_dictionaries(
    {"outage_id": TEXTS}, optional={"cons_no": TEXTS, "reason": TEXTS, "off_time": st.datetimes()}
)


def storable(name: str, rows: list[Row]) -> list[Row]:
    """The rows that the archive can hold."""
    kept = []
    for row in rows:
        try:
            entity(name).doc_id({k: entity(name).fields[k].parse(v) for k, v in row.items()})
        except UsageError:
            continue
        kept.append(row)
    return kept


@pytest.mark.parametrize("fmt", ["jsonl", "csv"])
@settings(max_examples=40, deadline=None)
@given(st.lists(CUSTOMERS, max_size=4), st.lists(OUTAGES, max_size=4))
@example([{"cons_no": "-1", "cons_name": "'=1+1"}], [{"outage_id": "@x", "cons_no": "-1"}])
def test_whatever_the_archive_holds_comes_back(fmt: str, customers: list[Row], outages: list[Row]) -> None:
    check(fmt, customers, outages)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(CUSTOMERS, max_size=4), st.lists(OUTAGES, max_size=4))
@example(
    [{"cons_no": "=1+1", "cons_name": "_x000D_", "run_cap": 0.1 + 0.2, "read_seq": 2**63 - 1}],
    [{"outage_id": "-1", "reason": "a  b"}],
)
def test_whatever_the_archive_holds_comes_back_from_a_workbook(
    customers: list[Row], outages: list[Row]
) -> None:
    check("xlsx", customers, outages)


def check(fmt: str, customers: list[Row], outages: list[Row]) -> None:
    store = filled(customer=storable("customer", customers), outage=storable("outage", outages))
    with tempfile.TemporaryDirectory() as folder:
        other = came_back(store, Path(folder) / f"out.{fmt}", fmt)
    assert contents(other) == contents(store)


def test_jsonl_nests_rows_below_their_customer_and_keeps_those_without_one(tmp_path: Path) -> None:
    store = filled(
        customer=[{"cons_no": "1"}],
        meter=[{"meter_id": "M1", "cons_no": "1"}, {"meter_id": "M2", "cons_no": "2"}, {"meter_id": "M3"}],
        line=[{"line_no": "L1"}],
    )
    export(store, tmp_path / "a.jsonl")
    documents = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert documents == [
        {"line": [{"line_no": "L1"}]},
        {"cons_no": "1", "cons_name": None, "meter": [{"meter_id": "M1", "cons_no": "1"}]},
        {"meter": [{"meter_id": "M2", "cons_no": "2"}, {"meter_id": "M3"}]},
    ]


def test_formulas_are_written_as_text_and_negative_numbers_as_numbers(tmp_path: Path) -> None:
    adjustment = {"adj_id": "A1", "qty": -20.5, "reason": "=cmd|'/c calc'!A1", "approved_by": "-x"}
    store = filled(adjustment=[adjustment])
    export(store, tmp_path / "out", "csv")
    with (tmp_path / "out" / "adjustment.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["qty"], row["reason"], row["approved_by"]) == ("-20.5", "'=cmd|'/c calc'!A1", "'-x")
    export(store, tmp_path / "out.xlsx", "xlsx")
    cells = {c.value: c.data_type for c in load_workbook(tmp_path / "out.xlsx")["adjustment"][2] if c.value}
    assert cells == {"A1": "s", -20.5: "n", "=cmd|'/c calc'!A1": "s", "-x": "s"}


@pytest.mark.parametrize("fmt", FORMATS)
def test_masked_exports_star_personal_numbers_only(tmp_path: Path, fmt: str) -> None:
    store = filled(
        party=[{"party_no": "P1", "party_name": "甲", "cert_no": "990001199001011234"}],
        contact=[{"contact_id": "C1", "mobile": "19900001234", "office_phone": "0000-1234567"}],
    )
    export(store, tmp_path / f"out.{fmt}", fmt, masked=True)
    other = empty_store()
    import_files(other, [tmp_path / f"out.{fmt}"])
    party, contact = other.table("party").get(doc_id="P1"), other.table("contact").get(doc_id="C1")
    assert (party["cert_no"], party["party_name"]) == ("990***********1234", "甲")
    assert (contact["mobile"], contact["office_phone"], contact["email"]) == (
        "199****1234",
        "0000-1234567",
        None,
    )


@pytest.mark.parametrize("fmt", FORMATS)
def test_exported_files_are_private_and_leave_no_traces(tmp_path: Path, fmt: str) -> None:
    target = tmp_path / "out"
    export(empty_store(), target, fmt)
    files = [*target.iterdir()] if fmt == "csv" else [target]
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert len(files) == (len(entities()) if fmt == "csv" else 1)
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_failed_export_leaves_the_old_one(
    tmp_path: Path, fmt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    export(filled(line=[{"line_no": "L1"}]), target, fmt)
    kept = target / "line.csv" if fmt == "csv" else target
    before = kept.read_bytes()

    def break_off(*_args: object) -> Row:
        raise OSError(28, "full")

    monkeypatch.setattr(exporting, "_as_stored", break_off)
    with pytest.raises(UnreadableError) as error:
        export(filled(line=[{"line_no": "L2"}]), target, fmt)
    assert error.value.code == "cannot_write"
    assert "磁盘已满" in error.value.message
    assert kept.read_bytes() == before
    assert [*tmp_path.iterdir()] == [target]


def test_wrong_targets_and_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(line=[{"line_no": "L1"}, {"line_no": "L2"}])
    (tmp_path / "file").touch()
    for target, fmt in (
        (tmp_path / "no" / "a.jsonl", "jsonl"),
        (tmp_path, "jsonl"),
        (tmp_path / "file", "csv"),
    ):
        with pytest.raises(UnreadableError) as error:
            export(store, target, fmt)
        assert error.value.code == "cannot_write"
    with pytest.raises(UsageError) as usage:
        export(store, tmp_path / "a.xls", "xls")
    assert (usage.value.code, usage.value.hint) == ("unknown_format", "是不是想写 xlsx？")
    monkeypatch.setattr(exporting, "_SHEET_ROWS", 1)
    with pytest.raises(UsageError) as usage:
        export(store, tmp_path / "a.xlsx", "xlsx")
    assert usage.value.code == "too_many_rows"
    assert not (tmp_path / "a.xlsx").exists()
