"""The audit of files: whatever their form and whoever reads them, the findings are those of the archive itself."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import trials
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.sourcing import asked, spoiled, write_csv, written
from audit.spoiling import audited, set_field
from audit.spoiling import found as findings
from yk.archive.dictionary import Entity, entity
from yk.audit import sources
from yk.audit.found_in_files import FileRun
from yk.audit.rules import find_rule
from yk.audit.running import Run
from yk.desk import Desk
from yk.errors import ExitCode, UnreadableError, UsageError, YkError

needs_duckdb = pytest.mark.skipif(find_spec("duckdb") is None, reason="duckdb is not installed")
ENGINES = ("sqlite", pytest.param("duckdb", marks=needs_duckdb))
CUSTOMER = entity("customer")


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever an audit of files put anywhere is gone when it is over."""
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    yield
    assert list(passing.iterdir()) == []


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk whose archive breaks every rule."""
    return spoiled(trials.fresh())


@pytest.fixture(scope="module")
def in_place(desk: Desk) -> Run:
    """What is found in that archive itself."""
    return audited(desk, keep=False)


@pytest.fixture(scope="module")
def files(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Its files, by form."""
    folder, made = tmp_path_factory.mktemp("files"), dict[str, Path]()

    def of(form: str) -> Path:
        if form not in made:
            made[form] = written(desk, folder, form)
        return made[form]

    return of


@pytest.fixture
def clean() -> Desk:
    """A desk over the demonstration archive."""
    return trials.fresh()


def same(answer: FileRun, run: Run) -> bool:
    """Did files answer as the archive did?"""
    return answer.run._replace(kind=run.kind) == run


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", pytest.param("parquet", marks=needs_duckdb)])
def test_every_rule_finds_the_same_in_files_as_in_place(
    desk: Desk, in_place: Run, files: Any, form: str, engine: str
) -> None:
    answer = asked(desk, files(form), engine=engine)
    assert len(in_place.by_rule) == 130
    assert same(answer, in_place)
    assert answer.report.rejected == []
    assert answer.engine == (engine if form != "xlsx" else "sqlite")


def test_a_finding_of_files_says_what_a_finding_of_the_archive_says(clean: Desk, tmp_path: Path) -> None:
    set_field(clean, "run_cap", 999.0)
    audited(clean)
    (kept,) = findings(clean, rule="D:1.1.2")
    (finding,) = asked(clean, written(clean, tmp_path, "jsonl"), chosen=[find_rule("D:1.1.2")]).findings
    assert finding == {name: kept[name] for name in finding}
    assert "运行容量 999" in finding["said"]


# -- the two engines -------------------------------------------------------------------------------------------
ODD = {
    "VARCHAR": (
        "", "  ", " x ", "x\u3000", "\u00a0x", "a\u200bb", "'=1+1", "'-5", "-5", "#N/A", "#1", "1.5E+12", "12345678.00",
        "中文 名", "a\nb", "a,b", 'a"b', "x" * 4001, "\ufffe", "１２", "a:b", "\t", "'", "NULL", "\x7f", "🙂",
    ),
    "DOUBLE": (
        "", "-0", "1.5", ".5", "5.", "+3", "1E+05", "1e400", "nan", "inf", "1,000", "１２", "abc", " 7 ", "1_000", "1e0005", "'-5",
    ),
    "INTEGER": ("", "-7", "+7", "7.0", "7.", "7.5", "1e3", "9" * 20, "9223372036854775807", "00012", "５", "abc"),
    "DATE": (
        "", "2026-1-2", "2026/11/21", "2026.11.21", "2026年1月2日", "20261121", "2026-02-30", "2026-11-21 08:00:00",
        "2026-11-21T24:00:00", "0000-01-01", "0001-01-01", "2026-11-21T20:00:00-08:00", "2026-11-21 08:00:00.123456", "abc",
    ),
}  # fmt: skip
"""What files hold besides plain values, by type."""
ODD["TIMESTAMP"] = ODD["DATE"]
SOUND = {
    "VARCHAR": "01",
    "DOUBLE": "12.5",
    "INTEGER": "7",
    "DATE": "2026-11-21",
    "TIMESTAMP": "2026-11-21T08:00:00",
}


@st.composite
def odd_rows(draw: st.DrawFn) -> tuple[Entity, list[dict[str, str]]]:
    """Rows of an entity: keys of which some come twice, sound values, and here and there an odd one."""
    kind = entity(draw(st.sampled_from(("transformer", "code_item", "outage", "customer"))))
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = {name: SOUND[field.type] for name, field in kind.fields.items()}
        row |= {name: f"K{draw(st.sampled_from((number, 1)))}" for name in kind.key}
        for name in draw(st.lists(st.sampled_from(list(kind.fields)), max_size=2)):
            row[name] = draw(st.sampled_from(ODD[kind.fields[name].type]))
        rows.append(row)
    return kind, rows


def read(engine: str, kind: Entity, path: Path) -> tuple[Any, ...]:
    """What an engine read of a file: rows, rejected rows, number of rows."""
    columns = ", ".join(f'"{name}"' for name in kind.fields)
    with sources.opened([path], engine, kind.name, needed=[kind.name]) as source:
        rows = sorted(map(repr, source.base(f"SELECT {columns} FROM {kind.name}")))
        report = source.report
    rejected = sorted((one.row, one.code, one.message) for one in report.rejected)
    return rows, rejected, report.read, report.unknown_columns


@needs_duckdb
@settings(max_examples=30, deadline=None)
@given(made=odd_rows(), as_json=st.booleans())
def test_both_engines_read_every_cell_alike_and_reject_the_same_rows(
    made: tuple[Entity, list[dict[str, str]]], as_json: bool
) -> None:
    kind, rows = made
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(kind, rows, Path(folder))
        if as_json:
            path = Path(folder, "rows.jsonl")
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        assert read("duckdb", kind, path) == read("sqlite", kind, path)


@needs_duckdb
def test_one_odd_row_among_many_does_not_take_the_file_from_duckdb(tmp_path: Path) -> None:
    rows = [{"cons_no": f"1{n:09}", "contract_cap": "8"} for n in range(3000)]
    rows[7]["contract_cap"] = "eight"
    rows[9]["cons_no"] = rows[8]["cons_no"]
    with sources.opened([write_csv(CUSTOMER, rows, tmp_path)], "duckdb") as source:
        assert (source.engine, source.note, source.report.read) == ("duckdb", "", 3000)
        assert [(one.row, one.code) for one in source.report.rejected] == [
            (9, "wrong_type"),
            (11, "duplicate_key"),
        ]
        assert list(source.base("SELECT count(*) FROM customer")) == [(2998,)]


@needs_duckdb
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("customer.csv", 'cons_no,cons_name\n1, "甲"\n', "引号外有空格"),
        ("customer.csv", "cons_no,cons_name\n1,甲\n\n2,乙\n", "空行"),
        ("customer.csv", "\ncons_no,cons_name\n1,甲\n", "空行"),
        ("customer.csv", "cons_no,cons_name\n1,甲,乙\n", "不合格式"),
        ("a.jsonl", '{"cons_no": 1, "cons_name": "甲"}\n', "缺用户编号"),
        ("a.jsonl", '{"cons_no": "1", "cons_name": null, "meter": {"meter_id": "m"}}\n', "运行电能表"),
        ("a.jsonl", '{"cons_no": "1", "cons_name": null, "meter": [{"meter_id": "m", "cons_no": "2"}]}\n', "不合格式"),
        ("a.jsonl", '{"cons_no": "1", "cons_name": "甲", "nothing": [1]}\n', "nothing"),
    ],
)  # fmt: skip
def test_what_duckdb_might_read_otherwise_the_importer_reads_and_it_is_said(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with sources.opened([path], "duckdb") as source:
        assert source.engine == "sqlite"
        assert name in source.note
        assert why in source.note


@needs_duckdb
def test_a_customers_rows_that_lie_in_two_files_are_told_from_each_other(tmp_path: Path) -> None:
    one = write_csv(
        CUSTOMER, [{"cons_no": "1", "cons_name": "甲"}, {"cons_no": "2", "cons_name": "乙"}], tmp_path
    )
    (tmp_path / "more").mkdir()
    other = write_csv(CUSTOMER, [{"cons_no": "2", "cons_name": "丙"}], tmp_path / "more")
    for engine in ("sqlite", "duckdb"):
        with sources.opened([one, other], engine) as source:
            assert [(r.file, r.row, r.code) for r in source.report.rejected] == [
                (str(other), 2, "duplicate_key")
            ]
            assert sorted(source.base("SELECT cons_name FROM customer")) == [("乙",), ("甲",)]


# -- forms of files --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_headers_in_chinese_and_every_encoding_are_read(tmp_path: Path, engine: str, encoding: str) -> None:
    rows = [{"cons_no": "1016000001", "cons_name": "示范电气厂", "run_cap": "9.5"}]
    path = write_csv(CUSTOMER, rows, tmp_path, encoding, zh=True)
    with sources.opened([path], engine) as source:
        assert source.engine == engine
        assert list(source.base("SELECT cons_no, cons_name, run_cap FROM customer")) == [
            ("1016000001", "示范电气厂", 9.5)
        ]


@pytest.mark.parametrize("engine", ENGINES)
def test_masked_and_blank_values_are_what_the_file_says(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "用电客户.csv"
    path.write_text("用户编号,用户名称,合同容量\n1,示***厂,\n2,  ,8\n", encoding="utf-8")
    with sources.opened([path], engine) as source:
        found = sorted(source.base("SELECT cons_no, cons_name, contract_cap FROM customer"))
    assert found == [("1", "示***厂", None), ("2", None, 8.0)]


@needs_duckdb
@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_columns_of_parquet_may_have_any_type_that_holds_the_field(tmp_path: Path, engine: str) -> None:
    import duckdb

    columns = {
        "cons_no": "1016000001::BIGINT", "cons_name": "encode('甲')", "contract_cap": "315::SMALLINT", "run_cap": "'NaN'::DOUBLE",
        "read_seq": "7.0::DOUBLE", "build_date": "'2020-01-02 03:04:05'::TIMESTAMP", "app_date": "'2020-01-02'",
        "send_date": "'2020-01-02 20:00:00+00'::TIMESTAMPTZ", "check_date": "NULL",
    }  # fmt: skip
    path = tmp_path / "customer.parquet"
    with duckdb.connect() as con:
        select = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        con.execute(f"COPY (SELECT {select}) TO '{path}'")
    with sources.opened([path], engine) as source:
        rows = list(source.base(f"SELECT {', '.join(columns)} FROM customer"))
    assert rows == [("1016000001", "甲", 315.0, None, 7, "2020-01-02", "2020-01-02", "2020-01-03", None)]


@needs_duckdb
def test_a_column_of_parquet_that_cannot_hold_its_field_is_told(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "customer.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT '1' AS cons_no, true AS stop_flag) TO '{path}'")
    with pytest.raises(UnreadableError) as wrong, sources.opened([path]):
        pass
    assert "停电标志（stop_flag）这一列是 BOOLEAN，应是文字" in wrong.value.message


@needs_duckdb
@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_parquet_whose_pages_are_damaged_is_told(tmp_path: Path, engine: str) -> None:
    import duckdb

    path = tmp_path / "customer.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 'K' || i AS cons_no FROM range(5000) AS t(i)) TO '{path}'")
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes(2000) + content[2100:])
    with pytest.raises(UnreadableError) as wrong, sources.opened([path], engine):
        pass
    assert "不是完好的 Parquet" in wrong.value.message


@needs_duckdb
def test_parquet_beside_a_workbook_is_read_with_it(clean: Desk, tmp_path: Path) -> None:
    set_field(clean, "run_cap", 999.0)
    parquet, book = written(clean, tmp_path, "parquet"), written(clean, tmp_path, "xlsx")
    for one in parquet.iterdir():
        if one.stem != "customer":
            one.unlink()
    with sources.opened([parquet, book]) as source:
        assert source.engine == "sqlite"
        assert "archive.xlsx 是工作簿" in source.note
        assert {one.code for one in source.report.rejected} == {"duplicate_key"}
        assert source.absent == ()


@needs_duckdb
def test_a_path_with_signs_of_patterns_is_that_file_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*'"
    folder.mkdir()
    write_csv(CUSTOMER, [{"cons_no": "1"}], folder)
    (tmp_path / "a1x").mkdir()
    write_csv(CUSTOMER, [{"cons_no": "2"}], tmp_path / "a1x")
    with sources.opened([folder], "duckdb") as source:
        assert source.engine == "duckdb"
        assert list(source.base("SELECT cons_no FROM customer")) == [("1",)]


# -- what is told ----------------------------------------------------------------------------------------------
def _spoil(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


BAD: dict[str, tuple[str, bytes | None, str, ExitCode]] = {
    "damaged Parquet": ("customer.parquet", b"PAR1nothing", "不是完好的 Parquet", ExitCode.UNREADABLE),
    "cut Parquet": ("customer.parquet", b"PAR1" * 40, "不是完好的 Parquet", ExitCode.UNREADABLE),
    "empty Parquet": ("customer.parquet", b"", "不是完好的 Parquet", ExitCode.UNREADABLE),
    "empty CSV": ("customer.csv", b"", "文件是空的", ExitCode.UNREADABLE),
    "binary CSV": ("customer.csv", b"cons_no\n\0\n", "空字节", ExitCode.UNREADABLE),
    "no such file": ("customer.csv", None, "文件或文件夹不存在", ExitCode.UNREADABLE),
    "another format": ("customer.txt", b"x", "不认识的文件格式", ExitCode.USAGE),
    "not an entity": ("kunden.csv", b"cons_no\n1\n", "不是档案里的实体", ExitCode.USAGE),
    "no known column": ("customer.csv", b"x,y\n1,2\n", "没有一个列名是", ExitCode.UNREADABLE),
    "a column twice": ("customer.csv", "cons_no,用户编号\n1,2\n".encode(), "出现了两次", ExitCode.UNREADABLE),
    "no rule looks": ("line.csv", b"line_no\n1\n", "没有规则要看的数据", ExitCode.UNREADABLE),
    "broken JSON": ("a.jsonl", b'{"cons_no": "1"\n', "不是完整的 JSON", ExitCode.UNREADABLE),
    "a comma too many": (
        "a.jsonl",
        b'{"cons_no": "1", "cons_name": "x",}\n',
        "不是完整的 JSON",
        ExitCode.UNREADABLE,
    ),
    "quotes left open": ("customer.csv", b'cons_no,cons_name\n1,"x\n', "CSV 写法不对", ExitCode.UNREADABLE),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", list(BAD))
def test_files_that_cannot_be_read_are_told_in_one_line(tmp_path: Path, case: str, engine: str) -> None:
    name, content, message, code = BAD[case]
    if name.endswith(".parquet"):
        pytest.importorskip("duckdb")
    path = tmp_path / name if content is None else _spoil(tmp_path / name, content)
    with pytest.raises(YkError) as wrong, sources.opened([path], engine):
        pass
    assert message in wrong.value.message
    assert "\n" not in wrong.value.message
    assert wrong.value.exit_code == code


def test_a_folder_without_files_of_ours_is_told(tmp_path: Path) -> None:
    _spoil(tmp_path / "notes.txt", b"x")
    with pytest.raises(UnreadableError) as wrong, sources.opened([tmp_path]):
        pass
    assert "没有 parquet、jsonl、csv 或 xlsx 文件" in wrong.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_unknown_columns_and_rejected_rows_are_reported(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "customer.csv"
    path.write_text("cons_no,合同容量,颜色\n1,8,\n2,八,\n,8,\n4,8,红\n", encoding="utf-8")
    with sources.opened([path], engine) as source:
        assert source.report.read == 4
        assert source.report.unknown_columns == [{"file": str(path), "entity": "customer", "column": "颜色"}]
        told = [(one.row, one.code) for one in source.report.rejected]
        assert told == [(3, "wrong_type"), (4, "missing_key"), (5, "unknown_column")]


def test_what_rules_look_at_and_the_files_lack_is_named(clean: Desk, tmp_path: Path) -> None:
    path = write_csv(CUSTOMER, [{"cons_no": "1", "contract_cap": "8"}], tmp_path)
    assert "metering_point" in asked(clean, path).absent
    assert asked(clean, path, chosen=[find_rule("D:1.1.2")]).absent == ()


def test_only_the_accounts_that_are_asked_for_are_told_and_a_whole_unit_is_looked_at_all_the_same(
    clean: Desk, tmp_path: Path
) -> None:
    in_use = [one["cons_no"] for one in clean.store.table("customer").all() if one["status"] != "9"]
    for account in in_use[:20]:
        set_field(clean, "elec_type", "900", account)
    path, rule = written(clean, tmp_path, "jsonl"), [find_rule("D:1.1.1")]
    every = asked(clean, path, chosen=rule)
    assert every.run.findings == 20
    one = asked(clean, path, chosen=rule, customers=["1016000003", "１０１６０００００６"])
    assert [finding["cons_no"] for finding in one.findings] == ["1016000003", "1016000006"]
    assert one.run.customers == 2
    with pytest.raises(UsageError) as wrong:
        asked(clean, path, chosen=rule, customers=["1"])
    assert "没有用户 1" in wrong.value.message


# -- which engine ----------------------------------------------------------------------------------------------
def test_small_files_go_to_sqlite_and_large_ones_to_duckdb_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(CUSTOMER, [{"cons_no": "1"}], tmp_path)
    with sources.opened([path], from_mb=1) as source:
        assert (source.engine, source.note) == ("sqlite", "")
    monkeypatch.setattr(sources.duck, "is_installed", lambda: False)
    with sources.opened([path], from_mb=0) as source:
        assert source.engine == "sqlite"
        assert "pip install 'yk[audit]'" in source.note


@needs_duckdb
def test_a_large_file_goes_to_duckdb_by_itself(tmp_path: Path) -> None:
    with sources.opened([write_csv(CUSTOMER, [{"cons_no": "1"}], tmp_path)], from_mb=0) as source:
        assert (source.engine, source.note) == ("duckdb", "")


@pytest.mark.parametrize("engine", ["auto", "sqlite", "duckdb"])
def test_parquet_without_duckdb_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = _spoil(tmp_path / "customer.parquet", b"PAR1")
    with pytest.raises(UsageError) as wrong, sources.opened([path], engine):
        pass
    assert wrong.value.code == "duckdb_missing"
    assert "pip install 'yk[audit]'" in wrong.value.hint


@needs_duckdb
def test_a_query_that_is_broken_off_by_the_user_ends_as_any_command_does() -> None:
    with pytest.raises(KeyboardInterrupt), sources.duck.connected():
        raise RuntimeError("Query interrupted")


def test_an_unknown_engine_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as wrong, sources.opened([tmp_path], "duckdbb"):
        pass
    assert "duckdb" in wrong.value.hint


def test_what_is_audited_is_only_read(desk: Desk, files: Any) -> None:
    path = files("csv")
    before = {one: one.read_bytes() for one in path.iterdir()}
    asked(desk, path)
    assert {one: one.read_bytes() for one in path.iterdir()} == before
