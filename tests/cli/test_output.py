"""Records in every format: golden bytes, guarded cells, the same bytes in a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import command
from yk.cli.options import FORMATS, reading
from yk.cli.root import root
from yk.clock import parse_time

from .conftest import Yk

GOLDEN = Path(__file__).with_name("golden")

COLUMNS = [
    ("cons_no", "用户编号"),
    ("name", "户名"),
    ("capacity", "容量kVA"),
    ("tags", "标签"),
    ("active", "在用"),
]
RECORDS: list[dict[str, Any]] = [
    {
        "cons_no": "0100001",
        "name": "国网|宁夏(集团)有限公司",
        "capacity": 630,
        "tags": ["高压", "两部制"],
        "active": True,
        "opened": parse_time("2026-11-21T09:30"),
    },
    {
        "cons_no": "0100002",
        "name": '=HYPERLINK("x")\x1b[31m\n次行\u202e',
        "capacity": 12.5,
        "tags": [],
        "active": False,
        "opened": None,
    },
]


@pytest.fixture(autouse=True)
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """`yk many`, `yk none` and `yk one` print records."""

    def add(name: str, show: Any) -> None:
        monkeypatch.setitem(root.commands, name, command(name, help="列。")(reading(pass_app(show))))

    def many(app: App) -> None:
        output.rows(app, RECORDS, COLUMNS)

    def none(app: App) -> None:
        output.rows(app, iter(()), COLUMNS)

    def one(app: App) -> None:
        output.record(app, RECORDS[0], COLUMNS)

    add("many", many)
    add("none", none)
    add("one", one)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["many", "one"])
def test_bytes_are_golden_and_the_same_in_a_file(yk: Yk, home: Path, name: str, form: str) -> None:
    golden = (GOLDEN / f"{name}.{form}").read_text(encoding="utf-8")
    result = yk(name, "--format", form)
    assert (result.code, result.out, result.err) == (0, golden, "")
    file = home / "out.txt"
    written = yk(name, "--format", form, "-o", str(file))
    assert file.read_bytes() == golden.encode()
    assert (written.out, written.err) == ("", f"已写入 {file}\n")
    assert yk(name, "--format", form, "-o", "-").out == golden


def test_json_is_short_for_the_format(yk: Yk) -> None:
    assert yk("many", "--json").out == yk("many", "--format", "json").out
    assert yk("many", "--json").json[1]["name"] == RECORDS[1]["name"]


def test_json_escapes_what_a_terminal_obeys(yk: Yk) -> None:
    assert not set("\x1b\x9b\u202e") & set(yk("many", "--json").out)


@pytest.mark.parametrize(
    ("form", "out"),
    [
        ("json", "[]\n"),
        ("jsonl", ""),
        ("csv", "cons_no,name,capacity,tags,active\n"),
        ("table", ""),
        ("md", ""),
    ],
)
def test_an_empty_list(yk: Yk, form: str, out: str) -> None:
    result = yk("none", "--format", form)
    remark = "没有符合条件的记录\n" if form in ("table", "md") else ""
    assert result == (0, out, remark)


def test_a_limit_cuts_and_says_so(yk: Yk) -> None:
    result = yk("many", "--limit", "1", "--json")
    assert [row["cons_no"] for row in result.json] == ["0100001"]
    assert result.err == "只列出前 1 条，后面还有；要更多就加大 --limit\n"
    assert yk("many", "--limit", "2").err == ""


def test_a_limit_reads_no_more_than_it_must(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def endless() -> Iterator[dict[str, int]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"n": taken}

    @command("endless", help="列。")
    @reading
    @pass_app
    def show(app: App) -> None:
        output.rows(app, endless(), [("n", "号")])

    monkeypatch.setitem(root.commands, "endless", show)
    assert yk("endless", "--limit", "5", "--format", "jsonl").out.count("\n") == 5
    assert taken == 6


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|x", "'+cmd|x"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-12.50", "-12.50"),
        (-12.5, "-12.5"),
        (Decimal("-3.10"), "-3.10"),
        (True, "true"),
        (None, ""),
        (datetime(2026, 1, 2), "2026-01-02T00:00:00"),
        ({"a": 1}, '"{""a"": 1}"'),
        (["x", "y"], '"[""x"", ""y""]"'),
    ],
)
def test_csv_cells_are_values_never_formulas(
    yk: Yk, monkeypatch: pytest.MonkeyPatch, value: object, cell: str
) -> None:
    @command("cell", help="列。")
    @reading
    @pass_app
    def show(app: App) -> None:
        output.rows(app, [{"k": "1", "v": value}], [])

    monkeypatch.setitem(root.commands, "cell", show)
    assert yk("cell", "--format", "csv").out == f"k,v\n1,{cell}\n"


def test_a_file_that_cannot_be_written_is_exit_3(yk: Yk, home: Path) -> None:
    result = yk("many", "-o", str(home / "missing" / "out.csv"))
    assert (result.code, result.out) == (3, "")
    assert "文件或文件夹不存在" in result.err


def test_half_a_character_is_shown_not_fatal(yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @command("half", help="列。")
    @reading
    @pass_app
    def show(app: App) -> None:
        output.rows(app, [{"name": "文件\udcff"}], [("name", "名称")])

    monkeypatch.setitem(root.commands, "half", show)
    assert yk("half").out.splitlines()[2] == "文件\\udcff"
    assert yk("half", "--json").json == [{"name": "文件\udcff"}]
    yk("half", "--json", "-o", str(home / "half.json"))
    assert (home / "half.json").read_text() == yk("half", "--json").out


def test_a_table_fits_a_terminal_and_is_whole_in_a_pipe(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    from yk.text import cell_len

    narrow, whole = yk("many", tty=True).out, yk("many").out
    assert all(cell_len(line) <= 50 for line in narrow.splitlines())
    assert "…" in narrow
    assert "0100001" in narrow
    assert "…" not in whole
