"""The JSON and the exit codes of the contract (design/contract.md): these keys are there, whatever else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Yk

CASE = "012611230001"
OPEN = ["case", "open", "更名", "--customer", "1016000001", "--set", "new_name=示范新里电气有限公司"]
AT = {"step", "entry", "title", "role", "due", "lamp"}
SUMMARY = {"case", "flow", "digest", "status", "at"}
WHOLE = {
    "case",
    "flow",
    "flow_name",
    "status",
    "at",
    "data",
    "materials",
    "checks",
    "customer",
    "opened",
    "closed",
}
ITEM = {"id", "kind", "text", "risk", "level", "required", "state", "guard"}
EVENT = {"seq", "at", "operator", "role", "event", "from", "to", "reason", "answers", "hash", "prev"}


@pytest.fixture
def opened(demo: Yk) -> Yk:
    """A store with one work order at its first step."""
    assert demo(*OPEN).code == 0
    return demo


def lists(yk: Yk, *words: str) -> list[dict[str, Any]]:
    result = yk(*words, "--json")
    assert (result.code, result.err) == (0, "")
    found = result.json
    assert isinstance(found, list)
    assert found
    return found


def one(yk: Yk, *words: str) -> dict[str, Any]:
    result = yk(*words, "--json")
    assert result.code == 0, result
    assert isinstance(result.json, dict)
    return result.json  # type: ignore[no-any-return]


# -- work orders -------------------------------------------------------------------------------------


def test_opening_answers_where_the_order_stands(demo: Yk) -> None:
    answer = one(demo, *OPEN)
    assert answer.keys() >= SUMMARY
    assert (answer["case"], answer["flow"], answer["status"]) == (CASE, "rename", "open")
    (place,) = answer["at"]
    assert place.keys() >= AT
    assert (place["step"], place["entry"], place["role"]) == ("acceptance", "YXZY-YY-334", "acceptance_clerk")
    assert (place["due"], place["lamp"]) == ("2026-11-24T17:30:00+08:00", "green")


def test_a_list_keeps_raw_deadlines_and_lamps(opened: Yk) -> None:
    (line,) = lists(opened, "case", "list")
    assert line.keys() >= SUMMARY | {"flow_name", "customer", "opened", "closed"}
    assert (line["status"], line["lamp"], line["due"]) == ("open", "green", "2026-11-24T17:30:00+08:00")
    assert line["at"][0].keys() >= AT


def test_the_whole_order(opened: Yk) -> None:
    order = one(opened, "case", "show", CASE)
    assert order.keys() >= WHOLE
    assert (order["customer"], order["closed"], order["materials"], order["checks"]) == (
        "1016000001",
        None,
        {},
        {},
    )
    assert order["data"]["new_name"] == "示范新里电气有限公司"


def test_a_checklist(opened: Yk) -> None:
    items = lists(opened, "case", "checklist", CASE, "--event", "send")
    assert all(item.keys() >= ITEM for item in items)
    assert {item["kind"] for item in items} == {"guard", "control", "field", "material"}
    assert {item["state"] for item in items} <= {"open", "done", "na", "failed"}
    assert {type(item["required"]) for item in items} == {bool}


def test_a_log_and_its_chain(opened: Yk) -> None:
    opened("case", "set", CASE, "contact_name=安知行")
    events = lists(opened, "case", "log", CASE)
    assert all(event.keys() >= EVENT for event in events)
    assert [event["seq"] for event in events] == [1, 2]
    assert [event["event"] for event in events] == ["open", "set"]
    assert events[1]["prev"] == events[0]["hash"]
    assert one(opened, "case", "verify", CASE) == {"case": CASE, "whole": True, "problems": []}


WRITES: list[list[str]] = [
    ["case", "set", CASE, "contact_name=安知行"],
    ["case", "attach", CASE, "M03"],
    ["case", "confirm", CASE, "--all"],
    ["case", "suspend", CASE, "--reason", "等件"],
    ["case", "stop", CASE, "--reason", "撤单"],
    ["case", "run", CASE, "--confirm-all", "--fill"],
]


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[1])
def test_a_writing_command_answers_with_the_place(opened: Yk, words: list[str]) -> None:
    assert one(opened, *words).keys() >= SUMMARY
    ended = {"stop": "stopped", "run": "completed", "suspend": "suspended"}
    assert one(opened, "case", "show", CASE)["status"] == ended.get(words[1], "open")


def test_a_run_tells_its_steps(demo: Yk) -> None:
    answer = one(
        demo,
        "case",
        "run",
        "更名",
        "--customer",
        "1016000001",
        "--confirm-all",
        "--fill",
        "--until",
        "data_archiving",
    )
    assert [step["step"] for step in answer["steps"]] == ["acceptance", "contract_change"]
    assert answer["steps"][0].keys() >= {"case", "step", "entry", "title", "operator", "to"}


def test_sweeping_tells_what_was_done(opened: Yk) -> None:
    assert opened("case", "sweep", "--json").json == []
    opened("case", "attach", CASE, "M01", "--defer", "2026-11-24")
    (done,) = lists(opened, "case", "sweep", "--now", "2026-11-26")
    assert done.keys() >= {"case", "action", "reason"}
    assert (done["case"], done["action"]) == (CASE, "suspend")


# -- set-up, operators, archive ------------------------------------------------------------------------


def test_making_a_store(yk: Yk, home: Path) -> None:
    made = one(yk, "init", "--demo", "--store", str(home / "a.db"))
    assert (made["customers"], made["operators"]) == (150, 34)
    assert made["url"] == str(home / "a.db")


def test_operators(demo: Yk) -> None:
    found = {row["id"]: row for row in lists(demo, "operator", "list")}
    assert found["trainer"].keys() >= {"id", "name", "roles"}
    assert set(found["trainer"]["roles"]) == found.keys() - {"trainer"}
    assert all(row["roles"] == [ident] for ident, row in found.items() if ident != "trainer")
    made = one(demo, "operator", "add", "li01", "--name", "李示范", "--role", "归档人员")
    assert (made["id"], made["name"], made["roles"]) == ("li01", "李示范", ["archivist"])


def test_customers_are_documents_of_the_dictionary(demo: Yk) -> None:
    row = lists(demo, "customer", "list", "--limit", "1", "-q")[0]
    assert row.keys() >= {
        "cons_no",
        "cons_name",
        "elec_addr",
        "org_no",
        "trade_code",
        "volt_code",
        "contract_cap",
        "status",
    }
    whole = one(demo, "customer", "show", "1016000001")
    assert whole.keys() >= {
        "cons_no",
        "metering_point",
        "meter",
        "transformer",
        "contract",
        "contact",
        "party",
    }


def test_lines_and_areas(demo: Yk) -> None:
    assert lists(demo, "line", "list")[0].keys() >= {"line_no", "line_name", "status", "status_name"}
    area = lists(demo, "area", "list")[0]
    assert area.keys() >= {"tg_no", "tg_name", "line_no", "status", "status_name"}
    assert area["line_no"] in {row["line_no"] for row in lists(demo, "line", "list")}


def test_an_import(demo: Yk) -> None:
    Path("customer.csv").write_text(
        "cons_no,cons_name\n1016000001,示范甲\n,示范乙\n9,示范丙\n", encoding="utf-8"
    )
    result = demo("customer", "import", "customer.csv", "--json")
    assert result.code == 5
    assert result.json.keys() >= {"read", "added", "changed", "rejected"}
    assert (result.json["read"], result.json["added"], result.json["changed"]) == (3, 1, 1)
    assert result.json["rejected"][0].keys() >= {"row", "code", "message"}
    assert (result.json["rejected"][0]["row"], result.json["rejected"][0]["code"]) == (3, "missing_key")


def test_the_demonstration_in_scenes(yk: Yk) -> None:
    scenes = lists(yk, "demo")
    assert [scene["kind"] for scene in scenes[:3]] == ["opened", "refused", "mended"]
    assert scenes[-1]["kind"] == "archived"
    assert scenes[-1]["status"] == "completed"
