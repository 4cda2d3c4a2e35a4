"""The themes' queries: all there, strictly read; each finds what is planted and leaves its near misses, in every base alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import trials
import yaml
from world import World

from yk import yamls
from yk.archive.dictionary import entities
from yk.archive.make import fill
from yk.archive.opening import open_store
from yk.audit import asking, owners, themes
from yk.clock import Clock, fixed_clock
from yk.errors import UsageError
from yk.settings import declared, load
from yk.store import Store

Rows = dict[str, list[dict[str, Any]]]
Answers = dict[str, list[dict[str, Any]]]
CASES = yaml.safe_load((Path(__file__).parent / "data" / "themes.yaml").read_text(encoding="utf-8"))
CLOCK: Clock = fixed_clock(CASES["now"])
SETTINGS = load({})
QUERIES = themes.queries()


# -- the archive of all cases ------------------------------------------------------------------------------


def number(query: str, place: int) -> str:
    """The account of a case."""
    return f"{query}-{place:02}"


def planted(query: str, place: int) -> Rows:
    """The rows of a case, as the archive keeps them."""
    case, cons_no = CASES["cases"][query][place], number(query, place)
    rows: Rows = {"customer": [{**CASES["customer"], **case.get("customer", {}), "cons_no": cons_no}]}
    for name in case.keys() - {"why", "hits", "customer"}:
        key = entities()[name].key[0]
        rows[name] = [{"cons_no": cons_no, key: f"@{n}"} | row for n, row in enumerate(case[name], 1)]
    return {name: [stored(name, row, cons_no) for row in some] for name, some in rows.items()}


def stored(entity: str, row: dict[str, Any], cons_no: str) -> dict[str, Any]:
    """A row with its values as the archive keeps them, `@` filled in."""
    given = {n: cons_no + v[1:] if str(v).startswith("@") else v for n, v in row.items() if v is not None}
    return {name: entities()[entity].fields[name].parse(value) for name, value in given.items()}


@cache
def everything() -> Rows:
    """The rows of every case."""
    rows: Rows = {name: [stored(name, row, "") for row in some] for name, some in CASES["shared"].items()}
    for query, cases in CASES["cases"].items():
        for place in range(len(cases)):
            for name, some in planted(query, place).items():
                rows.setdefault(name, []).extend(some)
    return rows


def filled_store(url: str) -> Store:
    store = open_store(url, create=True)
    with store.transaction():
        for name, rows in everything().items():
            store.table(name).put([(entities()[name].doc_id(row), row) for row in rows])
    return store


@pytest.fixture(scope="module")
def in_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every case in a store whose tables are asked in place."""
    store = filled_store(f"sqlite:///{tmp_path_factory.mktemp('themes')}/a.db")
    yield store
    store.close()


@pytest.fixture(scope="module")
def copied() -> Store:
    """Every case in a store that is copied to be asked."""
    return filled_store("memory://")


def duck_answers(rows: Rows) -> list[dict[str, Any]]:
    """What every query finds in these rows with DuckDB."""
    duckdb = pytest.importorskip("duckdb")
    kinds = {"DOUBLE": "DOUBLE", "INTEGER": "INTEGER"}
    with duckdb.connect() as base:
        for name in sorted({one for query in QUERIES.values() for one in query.reads}):
            fields = entities()[name].fields.values()
            columns = [f'"{field.name}" {kinds.get(field.type, "VARCHAR")}' for field in fields]
            base.execute(f"CREATE TABLE {name}({', '.join(columns)})")
            if some := [[row.get(f.name) for f in fields] for row in rows.get(name, [])]:
                base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(fields))})", some)

        def run(sql: str) -> Any:
            return base.execute(sql).fetchall()

        return list(asking.answers(run, QUERIES.values(), CLOCK, SETTINGS, "duckdb"))


def found(store: Store, query: str, **settings: int) -> list[dict[str, Any]]:
    changed = SETTINGS.with_values(**{f"{themes.PREFIX}{name}": value for name, value in settings.items()})
    return asking.ask(store, [QUERIES[query]], CLOCK, changed)


@pytest.fixture(scope="module")
def answered(in_place: Store) -> Answers:
    """What every query finds in the store of all cases."""
    return {query: found(in_place, query) for query in QUERIES}


# -- what they find ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "place"),
    [
        pytest.param(query, place, id=f"{query} {case['why']}")
        for query, cases in CASES["cases"].items()
        for place, case in enumerate(cases)
    ],
)
def test_a_case_is_found_or_left_alone(answered: Answers, query: str, place: int) -> None:
    cons_no = number(query, place)
    wanted = [cons_no + ident[1:] for ident in CASES["cases"][query][place].get("hits", [])]
    hits = [one for one in answered[query] if one["cons_no"] == cons_no]
    assert sorted(one["entity_id"] for one in hits) == sorted(wanted)


def test_every_query_has_a_case_to_find_and_several_near_misses() -> None:
    assert CASES["cases"].keys() == QUERIES.keys()
    for cases in CASES["cases"].values():
        assert any(case.get("hits") for case in cases)
        assert sum(not case.get("hits") for case in cases) >= 2


def test_in_place_on_a_copy_and_in_duckdb_the_answers_are_the_same(in_place: Store, copied: Store) -> None:
    first = asking.ask(in_place, QUERIES.values(), CLOCK, SETTINGS)
    assert {one["query"] for one in first} == QUERIES.keys()
    assert asking.ask(copied, QUERIES.values(), CLOCK, SETTINGS) == first
    assert duck_answers(everything()) == first


def test_the_demonstration_archive_shows_only_the_contracts_it_lets_expire(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db", create=True)
    fill(store)
    rows = asking.ask(store, QUERIES.values(), trials.fresh().clock, SETTINGS)
    content = {name: [dict(row) for row in store.table(name).all()] for name in entities()}
    store.close()
    assert {one["query"] for one in rows} == {"T4.2a"}
    assert duck_answers(content) == rows


@pytest.mark.parametrize(
    ("query", "settings", "more"),
    [
        ("T1.1a", {"cap": 314}, 1),
        ("T1.4", {"swap_count": 3}, -2),
        ("T1.4", {"swap_days": 181}, 1),
        ("T2.1a", {"notice_days": 3}, -1),
        ("T2.1b", {"restore_hours": 25}, -2),
        ("T2.2", {"refund_yuan": 10001}, -1),
        ("T2.6", {"exception_days": 4}, -1),
        ("T2.7", {"adjustment_count": 2}, 3),
        ("T2.8", {"estimated_months": 4}, -3),
        ("T2.9b", {"cycle_months": 2}, -3),
        ("T3.1b", {"accident_count": 3}, -4),
        ("T4.2b", {"expiry_days": 31}, 1),
    ],
)
def test_a_threshold_is_a_setting(
    in_place: Store, answered: Answers, query: str, settings: dict[str, int], more: int
) -> None:
    """How many more (or fewer) of its own cases a query finds with another threshold."""
    own = [one for one in found(in_place, query, **settings) if one["cons_no"].startswith(f"{query}-")]
    before = [one for one in answered[query] if one["cons_no"].startswith(f"{query}-")]
    assert len(own) == len(before) + more


def test_every_threshold_is_named_by_a_query() -> None:
    named = "".join(query.sql for query in QUERIES.values())
    limits = [
        one.name.removeprefix(themes.PREFIX) for one in declared() if one.name.startswith(themes.PREFIX)
    ]
    assert limits
    assert [name for name in limits if name not in named] == []


def test_the_units_answers_together_are_all_answers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db", create=True)
    fill(store)
    query = [QUERIES["T4.2a"]]
    units = ["99401", "示范市城西供电分公司", "99403", "示范市开发区供电分公司"]
    parts = [asking.ask(store, query, CLOCK, SETTINGS, unit) for unit in units]
    whole = asking.ask(store, query, CLOCK, SETTINGS)
    store.close()
    assert sum(map(bool, parts)) > 1
    assert sorted(one["entity_id"] for part in parts for one in part) == [one["entity_id"] for one in whole]


def test_an_unknown_unit_is_told_with_the_nearest(copied: Store) -> None:
    with pytest.raises(UsageError) as wrong:
        asking.ask(copied, QUERIES.values(), CLOCK, SETTINGS, "示范市城东分公司")
    assert "示范市城东供电分公司" in wrong.value.hint


# -- in words ----------------------------------------------------------------------------------------------


def test_an_answer_says_its_values_by_name_with_units(answered: Answers) -> None:
    one = next(one for one in answered["T1.1b"] if one["evidence"]["业务类型"] == "高压新装")
    assert (one["query"], one["topic"], one["theme"], one["entity"]) == ("T1.1b", "T1.1", "T1", "work_order")
    assert (one["level"], one["division"]) == ("error", "业扩报装")
    assert one["evidence"] == {
        "业务类型": "高压新装",
        "申请容量": 315.0,
        "合同容量": 500.0,
        "归档时间": "2026-03-02T17:00:00",
    }
    assert one["said"].endswith(
        "：业务类型 高压新装，申请容量 315 kVA，合同容量 500 kVA，归档时间 2026-03-02 17:00:00"
    )
    assert "功率因数" not in one["said"]


def test_what_was_counted_and_what_is_empty_is_told(answered: Answers) -> None:
    swaps = next(one for one in answered["T1.4"] if one["evidence"]["换表次数"] == 3)
    assert "换表次数 3，第一次 2026-06-01，最近一次 2026-11-01" in swaps["said"]
    outage = next(one for one in answered["T2.1a"] if one["cons_no"] == number("T2.1a", 1))
    assert outage["evidence"]["停电通知送达时间"] is None
    assert "停电通知送达时间 空" in outage["said"]


def test_a_stretch_of_estimates_is_told_with_its_months_and_what_was_estimated(answered: Answers) -> None:
    one = next(one for one in answered["T2.8"] if one["evidence"]["最多一段的示数差"])
    assert one["evidence"] == {
        "最长连续月数": 3,
        "估抄起月": 202601,
        "估抄止月": 202603,
        "最多一段的示数差": 30.5,
    }
    assert one["said"].endswith("最长连续月数 3，估抄起月 202601，估抄止月 202603，最多一段的示数差 30.5")


def test_an_incomplete_archive_is_told_by_what_is_missing(answered: Answers) -> None:
    one = next(one for one in answered["T5.1"] if len(one["evidence"]["缺项"]) > 8)
    assert one["evidence"] == {"缺项": "行业分类、抄表段编号", "完整性": "11/13"}
    assert one["said"] == "客户档案的必填项有空：缺项 行业分类、抄表段编号，完整性 11/13"


def test_personal_data_is_masked() -> None:
    world = World()
    sql = "SELECT t.contact_id AS entity_id, t.cons_no FROM contact t WHERE t.kind = '01'"
    query = replace(QUERIES["T4.1"], entity="contact", evidence=("contact.mobile", "contact.kind"), sql=sql)
    (one,) = asking.ask(world.store, [query], CLOCK, SETTINGS)
    assert one["evidence"] == {"移动电话": "199****0000", "联系类型": "电气联系人"}
    assert one["said"].endswith("移动电话 199****0000，联系类型 电气联系人")


# -- SQL -----------------------------------------------------------------------------------------------


def test_a_statement_names_its_columns_for_people_and_stands_alone() -> None:
    sql = asking.statement(QUERIES["T2.1a"], CLOCK, SETTINGS, org_no="9'{9")
    assert 'AS "停电通知送达时间"' in sql
    assert "'-7 days'" in sql
    assert "account.org_no = '9''{9'" in sql
    assert not {"{", "}"} & set(asking.statement(QUERIES["T2.1a"], CLOCK, SETTINGS))


# -- the data ----------------------------------------------------------------------------------------------


def test_there_are_five_themes_seventeen_topics_and_twentyfive_queries() -> None:
    assert (len(themes.themes()), len(themes.topics()), len(QUERIES)) == (5, 17, 25)
    assert {query.topic for query in QUERIES.values()} == themes.topics().keys()
    assert [sum(t.theme == one for t in themes.topics().values()) for one in themes.themes()] == [
        4,
        9,
        1,
        2,
        1,
    ]
    levels = [query.level for query in QUERIES.values()]
    assert [levels.count(level) for level in themes.LEVELS] == [16, 7, 2]


def test_every_division_is_one_of_the_eleven() -> None:
    divisions = {post.name for post in owners.posts().values() if post.kind == "division"}
    assert len(divisions) == 11
    assert {query.division for query in QUERIES.values()} <= divisions


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("t2.8", ["T2.8"]),
        ("Ｔ2.9", ["T2.9a", "T2.9b"]),
        ("T4", ["T4.1", "T4.2a", "T4.2b"]),
        ("客户服务稽查", ["T5.1"]),
        ("连续多月估抄", ["T2.8"]),
        ("估抄", ["T2.8"]),
        ("退费情况", ["T2.2"]),
        ("已经送电的客户没有生效的供用电合同", ["T4.1"]),
    ],
)
def test_queries_are_found_by_the_id_or_name_of_query_topic_or_theme(word: str, ids: list[str]) -> None:
    assert [query.id for query in themes.find(word)] == ids


@pytest.mark.parametrize(
    ("word", "hint"), [("T2.88", "T2.8"), ("抄表收费稽查", "抄核收业务稽查"), ("!", "yk audit theme")]
)
def test_an_unknown_word_is_told_with_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as wrong:
        themes.find(word)
    assert (wrong.value.code, hint in wrong.value.hint) == ("unknown_theme", True)


QUERY = """
  - {id: Q, topic: T1, text: 问, division: 业扩报装, level: warn, entity: customer, evidence: [], source: 推定, confidence: 低,
     sql: "SELECT c.cons_no AS entity_id, c.cons_no FROM customer c WHERE 1 = 1"}
"""
WHOLE = (
    "codes: [{name: LIVE, list: cons_status, codes: ['0'], text: 在用}]\nthemes: [{id: T, name: 题}]\ntopics: [{id: T1, theme: T, name: 子题}]\nqueries:"
    + QUERY
)


def test_a_whole_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.yaml").write_text(WHOLE, encoding="utf-8")
    monkeypatch.setattr(themes, "SOURCE", tmp_path / "t.yaml")
    assert themes._read()["queries"][0]["reads"] == ["customer"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1 = 1", "c.run_cap > {capp}", "capp"),
        ("1 = 1", "c.send_date < {today-restore_hours}", "today-restore_hours"),
        ("1 = 1", "c.send_date < {today-cap}", "today-cap"),
        ("1 = 1", "c.send_date < SHIFT(c.send_date, {-recent_months})", "-recent_months"),
        ("1 = 1", "c.send_date < SHIFT(c.send_date, 7)", "SHIFT"),
        ("FROM customer c", "FROM custommer c", "custommer"),
        ("entity: customer", "entity: custommer", "custommer"),
        ("topic: T1", "topic: T9", "T9"),
        ("theme: T,", "theme: X,", "X"),
        ("division: 业扩报装", "division: 业扩", "业扩"),
        ("level: warn", "level: bad", "bad"),
        ("evidence: []", "evidence: [meter.meter_id]", "meter.meter_id"),
        ("evidence: []", "evidence: [], counted: {a: 次数, b: 次数}", "次数"),
        ("evidence: []", "evidence: [customer.run_cap, customer.run_cap]", "运行容量"),
        ("codes: ['0']", "codes: ['7']", "7"),
        ("list: cons_status", "list: cons_state", "cons_state"),
        ("confidence: 低", "confidence: 无", "无"),
        ("text: 问", "txt: 问", "text"),
        (QUERY, QUERY + QUERY, "Q"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str
) -> None:
    assert old in WHOLE
    (tmp_path / "t.yaml").write_text(WHOLE.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(themes, "SOURCE", tmp_path / "t.yaml")
    with pytest.raises(yamls.DefinitionError) as wrong:
        themes._read()
    assert told in wrong.value.message
    assert "audit/themes.yaml 第" in wrong.value.message
