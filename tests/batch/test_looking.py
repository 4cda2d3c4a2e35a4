"""Batches and rows as people look at them; what the steps ahead ask; changes in words."""

from __future__ import annotations

from pathlib import Path

from batches import Office, closing, connecting, house, moving, n
from openpyxl import Workbook

from yk.batch.cells import sheets_of
from yk.batch.looking import batches, briefs, matching, overview, whole_row
from yk.batch.questions import more_to_fill, questions
from yk.desk.changes import CHANGED, GONE, NEW, told


def test_batches_are_listed_the_newest_first() -> None:
    office = Office()
    first, second = office.plan("closure", closing(1)), office.plan("line-area", moving(2))
    found = batches(office.desk())
    assert [one["batch"] for one in found] == [second, first]
    assert [one["kind_name"] for one in found] == ["批量更改线路台区", "批量销户"]


def test_an_overview_tells_how_far_a_batch_is() -> None:
    office = Office(batch_chunk_rows=1)
    batch = office.plan("closure", closing(1, 2))
    seen = overview(office.desk(), batch)
    assert seen["open"] > 40
    assert not seen["begun"]
    office.until_writing(batch)
    seen = overview(office.desk(), batch)
    assert seen["begun"], "its order has gone on"
    assert seen["open"] == 0
    office.apply(batch)
    seen = overview(office.desk(), batch)
    assert (seen["begun"], seen["done"], seen["looked_at"], seen["order_name"]) == (False, 2, 2, "已归档")


def test_rows_stand_in_a_line_each() -> None:
    office = Office()
    office.owes(n(2))
    doc = office.doc(office.plan("closure", closing(1, 2)))
    first, second = briefs(office.store, doc, [1, 2])
    assert (first["customer"], first["name"], first["status_name"]) == (n(1), "示范户主1", "可办")
    assert first["text"] == "拆表示数 150，正常用电 → 已销户"
    assert second["text"] == "欠费 42.50 元，缴清后再办"
    doc = office.doc(office.plan("line-area", moving(3)))
    assert briefs(office.store, doc, [1])[0]["text"] == "线路 L00001 → L00005，台区 TG000001 → TG000005"
    doc = office.doc(office.plan("lv-new", connecting(4)))
    assert briefs(office.store, doc, [1])[0]["name"] == "示范户4"


def test_rows_are_found_by_status_account_and_what_the_list_says() -> None:
    office = Office()
    office.owes(n(2))
    batch = office.plan("closure", closing(1, 2, {"cons_no": n(3), "reason": "改造"}))
    assert matching(office.store, batch, 1, 3) == [1, 2, 3]
    assert matching(office.store, batch, 1, 3, ("blocked",)) == [2]
    assert matching(office.store, batch, 2, 3, (), n(1)) == []
    assert matching(office.store, batch, 1, 3, (), n(1)) == [1]
    assert matching(office.store, batch, 1, 3, (), "改造") == [3]
    assert matching(office.store, batch, 1, 3, (), "reason") == [], (
        "names of columns are nothing the list says"
    )


def test_a_whole_row_hides_personal_numbers() -> None:
    office = Office()
    batch = office.connect(connecting(house(1, mobile="19900001234", new_cert_no="ID110101199001")))
    row = whole_row(office.desk(), batch, 1)
    assert "19900001234" not in str(row)
    assert "ID110101199001" not in str(row)
    assert ("移动电话", "199****1234") in row["said"]
    assert whole_row(office.desk(), batch, 2) == {}


def test_questions_say_who_answers_and_what_stands_there() -> None:
    office = Office()
    batch = office.plan("lv-new", connecting(1))
    asked = {one["id"]: one for one in questions(office.desk("acceptance_clerk"), batch)}
    assert asked["new_name"]["open"]
    assert asked["new_name"]["mine"]
    assert not asked["approval_result"]["mine"]
    assert (asked["elec_type"]["value"], asked["elec_type"]["filled"]) == ("城镇居民生活用电（202）", True)
    more = {one["id"] for one in more_to_fill(office.desk(), batch)}
    assert {"supply_tg_no", "M01"} <= more
    assert not more & asked.keys()


def test_changes_are_told_in_words() -> None:
    sign, head, parts = told("customer", n(1), {"status": "0"}, {"status": "9"})
    assert (sign, head, parts) == (CHANGED, f"用电客户 {n(1)}", [("客户状态", "正常用电客户", "已销户客户")])
    assert told("meter", "M1", {"meter_id": "M1"}, None) == (GONE, "运行电能表 M1", [])
    record = {
        "entity": "power_source",
        "field": "line_id",
        "old_value": "L1",
        "new_value": "L2",
        "basis": "YJ-1",
    }
    sign, _, parts = told("field_change", "1", None, record)
    assert (sign, parts) == (NEW, [("受电电源 线路", "L1", "L2"), ("变更依据", "", "YJ-1")])


def test_the_sheets_of_a_workbook_are_named_the_hidden_ones_last(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "说明"
    book.active.sheet_state = "hidden"
    book.create_sheet("八月")
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_text("用户编号\n1\n", encoding="utf-8")
    assert sheets_of(tmp_path / "a.xlsx") == ["八月", "说明"]
    assert sheets_of(tmp_path / "b.csv") == []
