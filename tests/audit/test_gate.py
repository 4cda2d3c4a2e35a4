"""The entry gate: an import says which rules its rows break, files what it finds and clears what it mends."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.spoiling import ACCOUNT, OTHER, RULE, TWIN, audited, found, fresh, spoil, states
from yk.audit.gate import Checked, import_checked
from yk.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return fresh()


def imported(desk: Desk, folder: Path, *lines: str, dry_run: bool = False) -> Checked:
    """Import a list of accounts."""
    file = folder / "customer.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_checked(desk.store, [file], None, dry_run, desk.clock, desk.settings, "trainer")


def test_rows_that_break_rules_are_stored_and_told_with_file_and_row(desk: Desk, tmp_path: Path) -> None:
    checked = imported(desk, tmp_path, "用户编号,运行容量", f"{ACCOUNT},999", f"{OTHER},")
    assert (checked.report.changed, checked.report.rejected, checked.broken) == (2, [], 4)
    told = {(one["rule"], one["row"]) for one in checked.breaks}
    assert told == {(RULE, 2), (TWIN, 2), ("D:1.1.3", 2), ("X:4.05", 3)}
    assert "运行容量 999 kVA" in checked.breaks[0]["said"]
    assert states(desk)[RULE] == "found"
    assert found(desk, rule=RULE)[0]["history"][0]["case"] == "import"


def test_a_trial_says_the_same_and_stores_nothing(desk: Desk, tmp_path: Path) -> None:
    before = dict(desk.store.table("customer").get(doc_id=ACCOUNT))
    tried = imported(desk, tmp_path, "用户编号,运行容量", f"{ACCOUNT},999", dry_run=True)
    assert tried.broken == 3
    assert dict(desk.store.table("customer").get(doc_id=ACCOUNT)) == before
    assert found(desk) == []
    assert imported(desk, tmp_path, "用户编号,运行容量", f"{ACCOUNT},999").breaks == tried.breaks


def test_what_an_import_mends_is_cleared_at_once(desk: Desk, tmp_path: Path) -> None:
    spoil(desk)
    audited(desk)
    checked = imported(desk, tmp_path, "用户编号,运行容量", f"{ACCOUNT},12")
    assert (checked.broken, checked.cleared) == (0, 3)
    assert set(states(desk).values()) == {"cleared"}


def test_a_rule_broken_in_a_row_that_the_file_does_not_hold_is_told_without_a_row(
    desk: Desk, tmp_path: Path
) -> None:
    """The metering point's voltage is right; the account's new one is another."""
    checked = imported(desk, tmp_path, "用户编号,供电压", f"{ACCOUNT},1")
    assert checked.broken == 0
    checked = imported(desk, tmp_path, "用户编号,供电电压", f"{ACCOUNT},AC00101")
    assert {one["row"] for one in checked.breaks if one["entity"] != "customer"} <= {None}
    assert {one["entity"] for one in checked.breaks} > {"customer"} or checked.breaks


def test_a_row_that_cannot_be_stored_is_not_asked(desk: Desk, tmp_path: Path) -> None:
    checked = imported(desk, tmp_path, "用户编号,运行容量", f"{ACCOUNT},很大")
    assert (len(checked.report.rejected), checked.broken) == (1, 0)


def test_a_clean_archive_imported_whole_breaks_nothing(desk: Desk, tmp_path: Path) -> None:
    from yk.archive.exporting import export

    file = tmp_path / "all.jsonl"
    export(desk.store, file, "jsonl", False)
    checked = import_checked(fresh().store, [file], None, False, desk.clock, desk.settings)
    assert (checked.broken, checked.report.rejected) == (0, [])
