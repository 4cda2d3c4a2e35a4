"""`yk audit theme`: the themes listed, asked of the archive, as SQL."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from .conftest import Yk

EXPIRED = "T4.2a"
"""What the demonstration archive shows: contracts it lets expire."""


def put(yk: Yk, home: Path, entity: str, text: str) -> None:
    """Import rows of an entity from a csv text."""
    path = home / f"{entity}.csv"
    path.write_text(text, encoding="utf-8")
    assert yk("customer", "import", str(path)).code == 0


def test_five_themes_with_their_topics_and_queries_are_listed(yk: Yk) -> None:
    rows = yk("audit", "theme", "--json").json
    assert len(rows) == 25
    assert (len({row["theme"] for row in rows}), len({row["topic"] for row in rows})) == (5, 17)
    keys = {"id", "theme", "topic", "text", "level", "division", "sql", "source", "confidence", "evidence"}
    assert keys <= rows[0].keys()
    assert yk("audit", "theme", "list", "--json").json == rows
    page = yk("audit", "theme").out
    assert all(name in page for name in ("用电检查稽查", "近期多次换表", "T5.1"))


def test_every_theme_topic_and_query_runs_on_the_demonstration_archive(demo: Yk) -> None:
    rows = demo("audit", "theme", "--json").json
    for word in {
        row[key] for row in rows for key in ("id", "topic", "theme", "theme_name", "topic_name", "text")
    }:
        result = demo("audit", "theme", word, "--json")
        assert result.code == (6 if result.json else 0)
        assert {one["query"] for one in result.json} <= {EXPIRED}


def test_a_finding_says_who_what_and_with_which_values(demo: Yk) -> None:
    result = demo("audit", "theme", "到期未续签合同", "--json")
    assert result.code == 6
    one = result.json[0]
    assert (one["query"], one["theme"], one["entity"], one["level"]) == (EXPIRED, "T4", "contract", "error")
    assert one["evidence"]["到期日期"] in one["said"]
    assert one["cons_no"] in demo("audit", "theme", "T4").out


def test_a_list_for_sampling_is_no_defect(demo: Yk, home: Path) -> None:
    put(
        demo,
        home,
        "work_order",
        "app_no,cons_no,app_cap,app_time\nW315,1016000001,315,2026-11-02T09:00\nW314,1016000001,314,2026-11-02T09:00\n",
    )
    result = demo("audit", "theme", "T1.1a", "--json")
    assert result.code == 0
    assert [one["entity_id"] for one in result.json] == ["W315"]


def test_how_many_swaps_are_many_is_a_setting(demo: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"X{day},1016000001,MP10160000011,2026-11-0{day},故障" for day in (1, 2, 3)]
    put(demo, home, "meter_change", "\n".join(["change_id,cons_no,mp_id,change_date,reason", *rows, ""]))
    assert demo("audit", "theme", "近期多次换表").code == 6
    monkeypatch.setenv("YK_AUDIT_THEME_SWAP_COUNT", "3")
    (one,) = demo("audit", "theme", "T1.4", "--json").json
    assert one["evidence"]["换表次数"] == 3
    monkeypatch.setenv("YK_AUDIT_THEME_SWAP_COUNT", "4")
    assert demo("audit", "theme", "T1.4").code == 0


def test_a_unit_is_asked_alone(demo: Yk) -> None:
    every = demo("audit", "theme", "T4", "--json").json
    units = [demo("audit", "theme", "T4", "--unit", f"9940{n}", "--json") for n in range(1, 5)]
    assert sum(len(one.json) for one in units) == len(every)
    assert {one.code for one in units} == {0, 6}


def test_the_limit_cuts_the_rows_and_not_the_verdict(demo: Yk) -> None:
    result = demo("audit", "theme", "T1.1a", EXPIRED, "--limit", "1", "--json")
    assert (result.code, len(result.json)) == (6, 1)


def test_the_sql_runs_in_sqlite_as_it_is(demo: Yk) -> None:
    script = demo("audit", "theme", "--sql").out
    assert script.count(";\n") == 25
    with sqlite3.connect("yk.db") as base:
        base.executescript(script)
        sql = demo("audit", "theme", EXPIRED, "--sql").out
        answered = [row[0] for row in base.execute(sql)]
    base.close()
    assert answered == [one["entity_id"] for one in demo("audit", "theme", EXPIRED, "--json").json]
    assert "account.org_no = '99401'" in demo("audit", "theme", "T4.1", "--unit", "99401", "--sql").out


def test_the_sql_is_that_of_the_day(yk: Yk) -> None:
    assert "'2027-01-05'" in yk("audit", "theme", "T4.1", "--sql", "--now", "2027-01-05").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["T6"], "没有 T6 这个主题、子题或查询"),
        (["T4", "不存在"], "没有 不存在 这个主题、子题或查询"),
        (["T4", "--unit", "城东"], "没有 城东 这个供电单位"),
        (["--unit", "99401"], "--unit 要和主题、子题或查询一起写"),
    ],
)
def test_what_is_wrong_is_said_with_exit_2(demo: Yk, words: list[str], said: str) -> None:
    result = demo("audit", "theme", *words)
    assert result.code == 2
    assert said in result.err
