"""Importing: several files are one unit; what cannot be stored is rejected row by row; bad files change nothing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from yk.archive import make
from yk.archive.dictionary import collections
from yk.archive.importing import import_files, write_rejects
from yk.errors import UnreadableError, UsageError
from yk.store import Store

from .conftest import Load, codes_of, contents, empty_store

NAMED = "用户编号,用户名称,合同容量\n"


def workbook(**sheets: list[list[Any]]) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def line(**document: Any) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def customer(store: Store, cons_no: str = "1016000001") -> dict[str, Any]:
    found = store.table("customer").get(doc_id=cons_no)
    return {k: v for k, v in found.items() if v is not None}


# -- what is read ------------------------------------------------------------------------------------


def test_a_nested_document_becomes_rows_of_its_customer(store: Store, load: Load) -> None:
    report = load(
        a_jsonl=line(cons_no="1016000001", cons_name="甲", meter=[{"meter_id": "M1", "int_digits": 6}])
    )
    assert (report.read, report.added, report.rejected) == (2, 2, [])
    assert customer(store) == {"cons_no": "1016000001", "cons_name": "甲"}
    assert store.table("meter").get(doc_id="M1")["cons_no"] == "1016000001"


def test_a_nested_document_changes_only_the_fields_it_gives(store: Store, load: Load) -> None:
    load(a_jsonl=line(cons_no="1016000001", cons_name="甲", run_cap=315, elec_addr="城东"))
    report = load(b_jsonl=line(cons_no="1016000001", run_cap=400, elec_addr=None))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    assert customer(store) == {"cons_no": "1016000001", "cons_name": "甲", "run_cap": 400.0}


def test_a_document_with_only_a_number_and_rows_makes_no_customer(store: Store, load: Load) -> None:
    report = load(
        a_jsonl=line(cons_no="1016000001", meter=[{"meter_id": "M1"}]), customer_csv=NAMED + "1016000001,甲,"
    )
    assert (report.added, report.rejected) == (2, [])
    assert customer(store)["cons_name"] == "甲"


def test_lines_without_a_customer_hold_shared_rows(store: Store, load: Load) -> None:
    report = load(
        a_jsonl=line(line=[{"line_no": "L1"}, {"line_no": "L2"}], code_item=[{"code_type": "a", "code": "b"}])
    )
    assert report.added == 3
    assert "a:b" in contents(store)["code_item"]


@pytest.mark.parametrize(
    "text",
    [
        "cons_no,cons_name,contract_cap\n1016000001,甲,315\n",
        "\ufeff合同容量（kVA）;用户名称;用户编号*\r\n315;甲;1016000001\r\n",
        "\n用户编号\tCONS_NAME\t合同容量\n\n1016000001\t 甲 \t３１５\n\t\t\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv_headers_delimiters_and_encodings(store: Store, load: Load, text: str, encoding: str) -> None:
    if encoding == "gb18030":
        text = text.lstrip("\ufeff")
    assert load(customer_csv=text.encode(encoding)).added == 1
    assert customer(store) == {"cons_no": "1016000001", "cons_name": "甲", "contract_cap": 315.0}


def test_the_whole_demonstration_archive_in_gb18030(load: Load) -> None:
    text = make.DEMO.read_text(encoding="utf-8")
    report = load(a_jsonl=text.encode("gb18030"))
    assert (report.rejected, report.unknown_columns) == ([], [])
    assert load(b_jsonl=text).unchanged == report.added == report.read


def test_a_file_may_be_named_in_chinese_or_by_the_caller(store: Store, load: Load) -> None:
    assert load(**{"用电客户_csv": NAMED + "1016000001,甲,\n"}).added == 1
    assert load("customer", any_csv=NAMED + "1016000002,乙,\n").added == 1
    assert load("customer", flat_jsonl=line(用户编号="1016000003", cons_name="丙")).added == 1


def test_a_workbook_has_a_sheet_an_entity(store: Store, load: Load) -> None:
    moment = datetime(2026, 1, 2)
    sheets = {
        "customer": [["用户编号", "立户日期", "用户名称"], [1016000001, moment, "甲"], [None, None, None]],
        "电能表资产": [["asset_id", "asset_no"], ["A1", "99"]],
        "Sheet3": [],
    }
    report = load(book_xlsx=workbook(**sheets))
    assert (report.read, report.added, report.rejected) == (2, 2, [])
    assert customer(store) == {"cons_no": "1016000001", "build_date": "2026-01-02", "cons_name": "甲"}


def test_formulas_are_never_executed(store: Store, load: Load) -> None:
    rows = [["cons_no", "cons_name"], ["1016000001", '=HYPERLINK("http://x","y")']]
    load(customer_xlsx=workbook(customer=rows))
    assert customer(store) == {"cons_no": "1016000001"}


def test_files_are_one_unit_whose_order_does_not_matter(tmp_path: Path) -> None:
    files = {
        "meter.csv": "meter_id,cons_no\nM1,1016000001\n",
        "customer.csv": NAMED + "1016000001,甲,1\n",
        "a.jsonl": line(cons_no="1016000002", cons_name="乙"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    results = []
    for names in (list(files), list(files)[::-1]):
        store = empty_store()
        report = import_files(store, [tmp_path / name for name in names])
        results.append((contents(store), report.added, report.read))
    assert results[0] == results[1]
    store = empty_store()
    import_files(store, [tmp_path])
    assert contents(store) == results[0][0]


def test_importing_again_changes_nothing(load: Load) -> None:
    text = NAMED + "1016000001,甲,1\n"
    load(customer_csv=text)
    report = load(customer_csv=text)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)


def test_a_dry_run_tells_and_writes_nothing(store: Store, load: Load) -> None:
    report = load(dry_run=True, customer_csv=NAMED + "1016000001,甲,1\n,乙,2\n")
    assert (report.added, codes_of(report)) == (1, ["missing_key"])
    assert len(store.table("customer")) == 0


def test_thousands_of_rows(store: Store, load: Load) -> None:
    text = NAMED + "".join(f"{1016000000 + n},甲,{n}\n" for n in range(2500))
    assert load(customer_csv=text).added == 2500
    assert load(customer_csv=text.replace("甲", "乙", 10)).changed == 10


# -- what is rejected ------------------------------------------------------------------------------


def test_each_rejected_row_says_where_and_why_and_the_rest_is_stored(store: Store, load: Load) -> None:
    text = "cons_no,用户名称,合同容量,备注\n1016000001,甲,1,\n,乙,2,\n1016000003,丙,三,\n1016000004,丁,4,有\n1016000001,戊,5,\n"
    report = load(customer_csv=text)
    assert [(one.row, one.code) for one in report.rejected] == [
        (3, "missing_key"),
        (4, "wrong_type"),
        (5, "unknown_column"),
        (6, "duplicate_key"),
    ]
    assert report.rejected[0].message == "用电客户 缺少 用户编号（cons_no）"
    assert (
        report.rejected[1].message
        == "合同容量（contract_cap）应是数字，现为“三”；不要写千分位逗号、单位和百分号"
    )
    assert report.rejected[2].message.startswith("用电客户 没有 备注 这个字段")
    assert [one["column"] for one in report.unknown_columns] == ["备注"]
    assert contents(store)["customer"].keys() == {"1016000001"}
    assert report.as_json()["read"] == 5
    assert report.as_json()["rejected"][0].keys() == {"file", "row", "entity", "code", "message"}


def test_everything_wrong_with_a_row_is_said_at_once(load: Load) -> None:
    (one,) = load(a_jsonl=line(cons_no="1016000001", run_cap="x", read_seq="y", colour="z")).rejected
    assert one.code == "wrong_type"
    assert all(word in one.message for word in ("run_cap", "read_seq", "colour"))


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        ({"cons_no": "1", "meters": [{"meter_id": "M1"}]}, ["unknown_entity"]),
        ({"cons_no": "1", "meter": [{"meter_id": "M1", "cons_no": "2"}]}, ["wrong_owner"]),
        ({"cons_no": "1", "meter": ["M1"]}, ["wrong_type"]),
        ({"cons_no": "1", "meter": [{"asset_id": "A1"}]}, ["missing_key"]),
        ({"cons_no": "1", "meter": [{"meter_id": "M1"}, {"meter_id": "M1"}]}, ["duplicate_key"]),
        ({"cons_no": "1", "meter": [{"meter_id": ["M1"]}]}, ["wrong_type"]),
        ({"code_item": [{"code_type": "a:b", "code": "c"}]}, ["wrong_type"]),
        ({"cons_name": "甲"}, ["missing_key"]),
        ({"cons_no": 1e9, "cons_name": "甲"}, ["wrong_type"]),
    ],
)
def test_rejections_of_nested_documents(load: Load, document: dict[str, Any], codes: list[str]) -> None:
    report = load(a_jsonl=line(**document))
    assert codes_of(report) == codes
    assert report.rejected[0].row == 1


def test_an_unknown_column_without_values_is_reported_but_rejects_nothing(load: Load) -> None:
    report = load(
        customer_csv="cons_no,colour\n1016000001,\n", a_jsonl=line(cons_no="1016000002", colour=None)
    )
    assert (report.added, report.rejected) == (2, [])
    assert [one["column"] for one in report.unknown_columns] == ["colour", "colour"]


def test_cells_beyond_the_header_are_unknown_columns(load: Load) -> None:
    report = load(customer_csv="cons_no,cons_name\n1016000001,甲,多\n")
    assert codes_of(report) == ["unknown_column"]


def test_rejected_rows_can_be_mended_and_imported_again(store: Store, load: Load, tmp_path: Path) -> None:
    report = load(
        customer_csv=NAMED + "1016000001,甲,三\n",
        a_jsonl=line(cons_no="1", meter=[{"meter_id": "M1", "due_date": "x"}]),
    )
    rejects = tmp_path / "rejects.jsonl"
    write_rejects(report, rejects)
    assert rejects.stat().st_mode & 0o777 == 0o600
    assert codes_of(import_files(store, [rejects])) == ["wrong_type", "wrong_type"]
    rejects.write_text(rejects.read_text().replace('"三"', "3").replace('"x"', '"2026-01-02"'))
    assert import_files(store, [rejects]).added == 2
    assert store.table("meter").get(doc_id="M1")["cons_no"] == "1"


# -- what cannot be read ---------------------------------------------------------------------------

CUSTOMER = "cons_no,cons_name\n"
GOOD = "1016000001,甲\n"


@pytest.mark.parametrize(
    ("name", "content", "code", "where"),
    [
        ("customer_csv", b"", "empty_file", "customer.csv"),
        ("customer_csv", b"\xef\xbb\xbf \r\n", "empty_file", "customer.csv"),
        ("customer_csv", (CUSTOMER + GOOD + "10160\0\n").encode(), "nul_bytes", "第 3 行"),
        ("customer_csv", CUSTOMER.encode() + b"1016000001,\xff\xff\n", "bad_encoding", "第 2 行"),
        (
            "customer_csv",
            (CUSTOMER + "1016000001,示范市城东供电分公司客户名称").encode()[:-1],
            "bad_encoding",
            "第 2 行",
        ),
        ("customer_csv", (CUSTOMER + GOOD + '1016000002,"乙\n').encode(), "bad_csv", "第 3 行"),
        ("customer_csv", b"a,b\n1,2\n", "no_header", "第 1 行"),
        ("customer_csv", ("cons_no,用户编号\n1,2\n").encode(), "duplicate_column", "第 1 行"),
        (
            "a_jsonl",
            (line(cons_no="1", cons_name="甲") + '{"cons_no":"2","me').encode(),
            "bad_json",
            "第 2 行",
        ),
        ("a_jsonl", b"[1]\n", "bad_json", "第 1 行"),
        ("a_jsonl", b'{"cons_no":"1","run_cap":NaN}\n', "bad_json", "第 1 行"),
        ("a_jsonl", b"[" * 100_000, "bad_json", "第 1 行"),
        ("a_xlsx", b"PK\x03\x04 half", "bad_xlsx", "a.xlsx"),
        ("a_xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b" " * 600, "encrypted", "a.xlsx"),
        ("a_xlsx", b"", "bad_xlsx", "a.xlsx"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_nothing_is_written(
    store: Store, load: Load, name: str, content: bytes, code: str, where: str
) -> None:
    with pytest.raises(UnreadableError) as error:
        load(good_jsonl=line(cons_no="1016000009", cons_name="甲"), **{name: content})
    assert error.value.code == code
    assert where in error.value.message
    assert len(store.table("customer")) == 0


def test_a_workbook_with_a_missing_part_is_bad(load: Load) -> None:
    whole, half = zipfile.ZipFile(io.BytesIO(workbook(customer=[["cons_no"], ["1"]]))), io.BytesIO()
    with zipfile.ZipFile(half, "w") as target:
        for part in whole.namelist():
            if "sheet1" not in part:
                target.writestr(part, whole.read(part))
    with pytest.raises(UnreadableError) as error:
        load(a_xlsx=half.getvalue())
    assert error.value.code == "bad_xlsx"


def test_a_bad_file_rolls_a_written_chunk_back(tmp_path: Path) -> None:
    rows = "".join(f"{1016000000 + n},甲\n" for n in range(1500))
    path = tmp_path / "customer.csv"
    path.write_text(CUSTOMER + rows + '1,"x\n', encoding="utf-8")
    store = Store.open(f"sqlite:///{tmp_path}/yk.db", collections(), create=True)
    with pytest.raises(UnreadableError):
        import_files(store, [path])
    assert len(store.table("customer")) == 0
    store.close()


def test_a_missing_file_an_empty_folder_and_an_unknown_format(store: Store, tmp_path: Path) -> None:
    old = tmp_path / "a.xls"
    old.touch()
    for path, code in ((tmp_path / "no.csv", "cannot_read"), (tmp_path, "no_input"), (old, "unknown_format")):
        with pytest.raises((UnreadableError, UsageError)) as error:
            import_files(store, [path])
        assert error.value.code == code


def test_a_name_that_is_no_entity_is_refused(load: Load) -> None:
    with pytest.raises(UsageError) as error:
        load(metr_csv="meter_id\nM1\n")
    assert (error.value.code, error.value.hint) == ("unknown_entity", "是不是想写 meter？")
    with pytest.raises(UsageError):
        load(book_xlsx=workbook(说明=[["本表"]]))
    with pytest.raises(UsageError) as error:
        load("customer", book_xlsx=workbook(customer=[["cons_no"]], meter=[["meter_id"]]))
    assert error.value.code == "many_sheets"
    with pytest.raises(UsageError):
        load("custmer", any_csv="cons_no\n1\n")
