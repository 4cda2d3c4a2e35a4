"""`yk customer`, `yk line`, `yk area`: finding, showing, moving the archive."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from yk.archive.dictionary import entities
from yk.archive.looking import number_text
from yk.text import cell_len

from .conftest import Yk

PERSONAL = [(e.name, f.name) for e in entities().values() for f in e.fields.values() if f.personal]


def numbers(yk: Yk, *where: str) -> list[str]:
    words = [word for one in where for word in ("--where", one)]
    result = yk("customer", "list", *words, "--json")
    assert result.code == 0, result.err
    return [row["cons_no"] for row in result.json]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (["用户编号=1016000001"], ["1016000001"]),
        (["用户编号=１０１６０００００１"], ["1016000001"]),
        (["cons_no=101600000"], [f"101600000{n}" for n in range(1, 10)]),
        (["用户名称=竹川测试电气"], ["1016000001"]),
        (["用电地址=青禾路1号"], ["1016000001"]),
        (["行业分类=水泥"], ["1016000035", "1016000129"]),
        (["trade_code=C3821", "用户名称=城东"], ["1016000001"]),
        (["抄表段编号=9940401001"], ["1016000001", "1016000035", "1016000082"]),
        (["抄表段编号＝9940401001", "用户名称=建材"], ["1016000035"]),
        (["合同容量=1250"], ["1016000001"]),
        (["用户编号=nothing"], []),
    ],
)
def test_the_conditions_of_the_selection_window(demo: Yk, where: list[str], found: list[str]) -> None:
    rows = numbers(demo, *where)
    assert [number for number in rows if number in found] == found
    assert len(rows) == len(found)


def test_bare_words_are_looked_for_in_number_name_and_address(demo: Yk) -> None:
    words = ["城东", "测试电气", "青禾路"]
    assert [row["cons_no"] for row in demo("customer", "list", *words, "--json").json] == ["1016000001"]
    assert demo("customer", "list", "1016000001", "--where", "客户状态=0", "--json").json
    assert demo("customer", "list", "1016000001", "--where", "客户状态=9", "--json").json == []


def test_codes_are_meant_by_code_name_or_part(demo: Yk) -> None:
    closed = numbers(demo, "客户状态=9")
    assert closed
    assert numbers(demo, "status=已销户客户") == numbers(demo, "客户状态=销户") == closed
    assert len(numbers(demo, "客户状态=客户")) == 150
    assert numbers(demo, "客户状态=7") == []


def test_an_empty_value_finds_the_empty_field(demo: Yk) -> None:
    Path("customer.csv").write_text("cons_no,cons_name\n2000000001,示范无址户\n", encoding="utf-8")
    demo("customer", "import", "customer.csv")
    assert numbers(demo, "用电地址=") == ["2000000001"]
    assert numbers(demo, "合同容量=") == ["2000000001"]
    assert numbers(demo, "供电电压=") == ["2000000001"]


def test_a_field_nobody_knows_names_the_usual_ones(demo: Yk) -> None:
    assert "用电地址、行业分类、抄表段编号" in demo("customer", "list", "--where", "x=1").err
    assert "是不是想写 供电单位编号？" in demo("customer", "list", "--where", "供电单位=1").err


@pytest.mark.parametrize("fmt", ["table", "md", "json", "jsonl", "csv"])
def test_personal_data_is_masked_unless_a_role_asks(demo: Yk, fmt: str) -> None:
    raw = json.loads(demo("customer", "show", "1016000001", "--unmasked", "--json").out)
    secret = {row[field] for entity, field in PERSONAL for row in raw.get(entity, []) if row.get(field)}
    secret -= {row["tax_no"] for row in raw["billing_info"]}  # the taxpayer's number stands on every invoice
    assert len(secret) >= 4
    shown = demo("customer", "show", "1016000001", "--format", fmt, "--operator", "approver").out
    assert not [value for value in secret if value in shown]
    listed = demo("customer", "list", "--format", fmt, "--operator", "approver").out
    assert not [value for value in secret if value in listed]
    assert demo("customer", "show", "1016000001", "--unmasked", "--operator", "approver").code == 4
    assert demo("customer", "list", "--unmasked", "--operator", "approver").code == 4


def test_a_customers_page_fits_80_cells_with_all_it_holds(demo: Yk) -> None:
    long = "示范" * 200
    Path("customer.csv").write_text(f"cons_no,cons_name\n1016000001,{long}\n", encoding="utf-8")
    demo("customer", "import", "customer.csv")
    page = demo("customer", "show", "1016000001").out
    assert [line for line in page.splitlines() if cell_len(line) > 80] == []
    assert long in re.sub(r"\s", "", page)
    assert "应收金额           221680.00 元" in page


def test_a_customers_markdown_has_a_table_a_part(demo: Yk) -> None:
    text = demo("customer", "show", "1016000001", "--format", "md").out
    assert text.startswith("# 用电客户 1016000001\n\n| 项目 | 内容 |\n|---|---|\n| 用户编号 | 1016000001 |\n")
    assert "\n## 供用电合同 1/1\n" in text


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1250.0, "kVA", "1250"),
        (1234567.5, "", "1234567.5"),
        (0.000001, "", "0.000001"),
        (3, "元", "3.00"),
        (1e15, "", "1" + "0" * 15),
    ],
)
def test_a_number_has_no_exponent(value: float, unit: str, shown: str) -> None:
    assert number_text(value, unit) == shown


@pytest.mark.parametrize("noun", ["line", "area"])
def test_lines_and_areas_show_their_status_by_name(demo: Yk, noun: str) -> None:
    rows = demo(noun, "list").out.splitlines()[2:]
    assert rows
    assert {row.split()[-1] for row in rows} == {"运行"}


@pytest.mark.parametrize("fmt", ["jsonl", "csv", "xlsx"])
def test_what_is_exported_comes_back_the_same(demo: Yk, fmt: str) -> None:
    target = f"out.{fmt}" if fmt != "csv" else "out"
    assert demo("customer", "export", "-o", target, "--format", fmt).code == 0
    again = demo("customer", "import", target, "--json").json
    assert (again["added"], again["changed"], again["rejected"], again["unchanged"]) == (
        0,
        0,
        [],
        again["read"],
    )


def test_a_masked_export_does_not_overwrite_what_it_masks(demo: Yk) -> None:
    before = demo("customer", "show", "1016000001", "--unmasked", "--json").out
    masked = demo("customer", "export", "-o", "out.jsonl", "--operator", "approver")
    assert "已脱敏导出" in masked.err
    assert demo("customer", "import", "out.jsonl", "--json").json["changed"] == 0
    assert demo("customer", "show", "1016000001", "--unmasked", "--json").out == before


def test_the_store_is_no_place_for_output(demo: Yk) -> None:
    Path("customer.csv").write_text("cons_no\n1\n", encoding="utf-8")
    before = Path("yk.db").read_bytes()
    for words in (
        ["customer", "list", "-o", "./yk.db"],
        ["customer", "export", "-o", "yk.db"],
        ["case", "list", "-o", "yk.db"],
    ):
        result = demo(*words)
        assert (result.code, "是存储文件" in result.err) == (2, True)
    assert demo("customer", "import", "customer.csv", "--rejects", "yk.db").code == 2
    assert Path("yk.db").read_bytes() == before
