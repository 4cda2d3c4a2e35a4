"""Runs: what is new, what is gone, what came back; no run loses what an earlier one found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trials
from world import World

from yk.archive.make import fill
from yk.archive.opening import open_store
from yk.audit import looking, running
from yk.audit.rules import find_rule
from yk.desk import Desk
from yk.errors import UsageError

RULE = "D:1.1.2"
ACCOUNT = "1016000012"


@pytest.fixture
def desk() -> Desk:
    """A desk over the demonstration archive."""
    return trials.fresh()


def set_run_cap(desk: Desk, value: float | None) -> None:
    """The running capacity of an account; more than the contract's breaks D:1.1.2 and X:1.81."""
    table = desk.store.table("customer")
    row = dict(table.get(doc_id=ACCOUNT) or {})
    row["run_cap"] = row["contract_cap"] if value is None else value
    table.put([(ACCOUNT, row)])


def audited(desk: Desk, **kept: Any) -> running.Run:
    return running.run(desk.store, desk.clock, desk.settings, **kept)


def findings(desk: Desk, **wanted: Any) -> list[dict[str, Any]]:
    return list(looking.findings(desk.store, looking.Wanted(**wanted), desk.now()[:10]))


def states(desk: Desk) -> dict[str, str]:
    return {doc["rule"]: doc["state"] for doc in desk.store.table("finding").all()}


def test_a_clean_archive_passes_every_rule(desk: Desk) -> None:
    answer = audited(desk)
    assert (answer.rules, answer.passed, answer.findings, answer.by_rule) == (130, 130, 0, [])


def test_a_defect_is_found_by_its_rule_and_by_the_one_printed_twice(desk: Desk) -> None:
    set_run_cap(desk, 999.0)
    answer = audited(desk)
    assert {one["id"] for one in answer.by_rule} >= {RULE, "X:1.81"}
    assert answer.customers == 1
    assert answer.new == answer.findings


def test_a_correction_clears_and_a_relapse_reopens_with_all_of_its_history(desk: Desk) -> None:
    set_run_cap(desk, 999.0)
    audited(desk)
    assert states(desk)[RULE] == "found"
    set_run_cap(desk, None)
    second = audited(desk)
    assert (second.findings, second.gone) == (0, len(states(desk)))
    assert states(desk)[RULE] == "cleared"
    set_run_cap(desk, 998.0)
    third = audited(desk)
    assert third.back == third.findings
    (finding,) = findings(desk, rule=RULE)
    assert finding["times"] == 2
    assert [(step["state"], step["run"]) for step in finding["history"]] == [
        ("found", "JH000001"),
        ("cleared", "JH000002"),
        ("reopened", "JH000003"),
    ]
    assert [doc["run"] for doc in desk.store.table("audit_run").all()] == ["JH000001", "JH000002", "JH000003"]


def test_one_rule_alone_does_not_clear_what_others_found(desk: Desk) -> None:
    set_run_cap(desk, 999.0)
    audited(desk)
    set_run_cap(desk, None)
    audited(desk, chosen=[find_rule(RULE)])
    assert states(desk)[RULE] == "cleared"
    assert states(desk)["X:1.81"] == "found"


def test_a_trial_keeps_nothing(desk: Desk) -> None:
    set_run_cap(desk, 999.0)
    assert audited(desk, keep=False).findings > 0
    assert states(desk) == {}
    assert len(desk.store.table("audit_run")) == 0


def test_a_finding_says_its_values_its_owner_and_what_to_do(desk: Desk) -> None:
    set_run_cap(desk, 999.0)
    audited(desk)
    (finding,) = findings(desk, rule=RULE)
    assert "运行容量 999" in finding["said"]
    assert finding["values"]["run_cap"] == 999.0
    assert finding["fix"]
    assert findings(desk, rule=RULE, centre=finding["centre"], only_open=True) == [finding]
    assert findings(desk, run="JH000001", rule=RULE) == [finding]
    assert findings(desk, unit="示范市城南供电分公司", division="合同管理", rule=RULE) == [finding]
    assert findings(desk, unit="99402", rule=RULE) == findings(desk, state="cleared") == []


def test_an_unknown_run_or_centre_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError):
        findings(desk, run="JH9")
    with pytest.raises(UsageError) as wrong:
        findings(desk, centre="电能计量")
    assert "电能计量中心" in wrong.value.hint


def test_findings_are_the_same_in_place_and_on_a_copy(tmp_path: Path) -> None:
    """SQLite answers in place, a JSON file and memory through a copy."""
    answers = []
    for url in (f"sqlite:///{tmp_path}/a.db", f"json:///{tmp_path}/a.json", "memory://"):
        store = open_store(url, create=True)
        fill(store)
        world = World()
        desk = Desk(store, "trainer", trials.fresh().clock, world.settings)
        set_run_cap(desk, 999.0)
        answers.append(audited(desk))
        store.close()
    assert answers[0] == answers[1] == answers[2]
