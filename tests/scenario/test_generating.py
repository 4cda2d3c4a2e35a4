"""Scenarios made from every flow run, and meet everything that the flow is owed; mutants of flows do not go unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.scenes import rename
from yk.flows.flow import Flow, flow_ids, load
from yk.scenario.generating import generate
from yk.scenario.mutating import judge, mutants
from yk.scenario.obligations import obligations
from yk.scenario.reading import load as read
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Scenario
from yk.scenario.writing import document

FULL = ("states", "transitions", "guards", "refusals", "controls")
"""What generated scenarios meet wholly; risks are realised by lessons, lamps by the days."""
JUDGED = ("rename", "contract_termination", "customer_accident", "service_intake")
"""Flows whose mutants are all judged here; scripts/mutate_flows judges those of every flow."""


def made_for(flow: Flow, folder: Path) -> list[Scenario]:
    """The scenarios generated for a flow, written and read again."""
    path = folder / f"{flow.id}.yk.yaml"
    path.write_text(document(generate(flow).document()), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize("name", flow_ids())
def test_generated_scenarios_are_green_and_meet_all_that_the_flow_is_owed(name: str, tmp_path: Path) -> None:
    flow = load(name)
    seen = set()
    for scenario in made_for(flow, tmp_path):
        result = run_scenario(scenario)
        assert result.passed, (scenario.name, result.title, result.misses)
        seen |= {(dimension, item) for dimension, which, item in result.seen if which == name}
    owed = obligations(flow)
    assert {(d, item) for d in FULL for item in owed[d]} - seen == set()


@pytest.mark.parametrize("name", JUDGED)
def test_every_mutant_of_a_flow_is_noticed_by_its_generated_scenarios(name: str, tmp_path: Path) -> None:
    verdicts = list(judge(load(name), made_for(load(name), tmp_path)))
    assert [one.mutant.told for one in verdicts if not one.killer] == []
    assert {one.mutant.kind for one in verdicts} >= {"guard"}


def test_a_mutant_that_no_scenario_meets_survives(tmp_path: Path) -> None:
    path = tmp_path / "例.yk.yaml"
    path.write_text(rename("- {建单: {用户: '1016000001'}, 应: {状态: 业务受理}}"), encoding="utf-8")
    verdicts = list(judge(load("rename"), read(path)))
    assert verdicts
    assert not [one for one in verdicts if one.killer]


def test_a_scenario_that_fails_as_it_is_notices_nothing(tmp_path: Path) -> None:
    path = tmp_path / "例.yk.yaml"
    path.write_text(
        rename("- {建单: {用户: '1016000001'}}\n- {快进: 到底}", "{状态: 业务受理}"), encoding="utf-8"
    )
    assert not [one for one in judge(load("rename"), read(path), ["way"]) if one.killer]


def test_a_mutant_differs_from_its_flow_and_leaves_it_alone() -> None:
    flow = load("hv_new_connection")
    before = flow.digest
    digests = [Flow(one.make()).digest for one, _ in zip(mutants(flow), range(40), strict=False)]
    assert before not in digests
    assert len(set(digests)) == len(digests)
    assert Flow(flow.doc).digest == before


def test_other_strategies_make_scenarios_that_run_too(tmp_path: Path) -> None:
    for strategy in ("greedy", "pairs"):
        made = generate(load("rename"), strategy)
        assert made.missed == []
        path = tmp_path / f"{strategy}.yk.yaml"
        path.write_text(document(made.document()), encoding="utf-8")
        assert all(run_scenario(one).passed for one in read(path))
