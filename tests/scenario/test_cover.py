"""Coverage: kept scenario by scenario, merged in any order, judged by gates, asked who tests what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.covers import but, cover, every
from yk.errors import UnreadableError, UsageError
from yk.flows.flow import load
from yk.scenario.cover import Cover, Figure, Seen, parse_gate, read, save, unmet

met = st.sampled_from([*every("rename")[:12], *every("customer_accident")[:12], ("states", "gone", "start")])
covers = st.builds(
    lambda runs: cover(*runs),
    st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.lists(met, max_size=6)), max_size=4),
)


def merged(*parts: Cover) -> Cover:
    """All of them in one."""
    made = Cover()
    for part in parts:
        made.merge(part)
    return made


@given(covers, covers, covers)
def test_covers_are_merged_in_any_order_and_merging_twice_changes_nothing(
    a: Cover, b: Cover, c: Cover
) -> None:
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c))
    assert merged(a, b, a, b) == merged(a, b)
    assert merged(a) == a


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.lists(met)), max_size=6))
def test_scenarios_run_apart_and_merged_cover_what_they_cover_together(
    runs: list[tuple[str, list[Seen]]],
) -> None:
    assert merged(*(cover(run) for run in runs)) == cover(*runs)


@given(covers)
def test_what_is_written_as_json_is_read_as_it_was(one: Cover) -> None:
    assert Cover.load(json.loads(json.dumps(one.dump()))) == one


@given(covers, covers)
def test_more_scenarios_never_cover_less(a: Cover, b: Cover) -> None:
    flows = ["rename", "customer_accident"]
    before, after = a.figures(flows), merged(a, b).figures(flows)
    for flow in flows:
        for dimension, figure in after[flow].items():
            assert figure.hit + len(figure.missing) == figure.of == before[flow][dimension].of
            assert set(figure.missing) <= set(before[flow][dimension].missing)


def test_a_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    one = cover(("甲", every("rename")), ("乙", every("rename")[:3]))
    save(one, tmp_path / "覆盖.json")
    assert read(tmp_path / "覆盖.json") == one


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "null",
        '{"format": 1}',
        '{"format": 2, "flows": [], "scenarios": [], "met": {}}',
        '{"format": 1, "flows": [], "scenarios": ["a"], "met": {"rename": {"states": {"acceptance": [1]}}}}',
        '{"format": 1, "flows": [], "scenarios": ["a"], "met": {"rename": ["states"]}}',
    ],
)
def test_a_file_that_is_no_cover_is_told_by_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "别的.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"别的\.json") as caught:
        read(path)
    assert caught.value.code == "bad_cover"


def test_figures_count_what_was_met_and_list_the_rest_in_the_flows_order() -> None:
    found = cover(("甲", but("rename", "stopped", "follow_up", "acceptance=red"))).figures()["rename"]
    assert found["states"] == Figure(5, 7, ("follow_up", "stopped"))
    assert found["lamps"].missing == ("acceptance=red",)
    assert found["transitions"].missing == ()


def test_a_percentage_is_whole_only_when_nothing_is_missing() -> None:
    assert Figure(999, 1000, ("one",)).percent == 99
    assert Figure(1000, 1000, ()).percent == 100
    assert Figure(0, 0, ()).percent == 100


def test_what_a_flow_does_not_owe_any_more_does_not_count() -> None:
    one = cover(("甲", [("states", "rename", "torn_down"), ("states", "no_such_flow", "start")]))
    assert list(one.figures()) == ["rename"]
    assert one.figures()["rename"]["states"].hit == 0


def test_a_cover_is_about_the_flows_its_scenarios_name_else_about_those_they_met() -> None:
    named = Cover()
    named.add(
        "甲",
        [("states", "contract_termination", "completed"), ("states", "account_closure", "completed")],
        "account_closure",
    )
    assert list(named.figures()) == ["account_closure"]
    named.add("乙", [("states", "rename", "completed")])
    assert list(named.figures()) == ["account_closure", "rename"]
    assert list(named.figures(["contract_termination"])) == ["contract_termination"]


@pytest.mark.parametrize(
    ("word", "dimension", "percent"),
    [("转移=100", "transitions", 100), ("guards＝９５.5％", "guards", 95.5), ("灯= 0", "lamps", 0)],
)
def test_a_gate_names_a_dimension_and_a_percentage(word: str, dimension: str, percent: float) -> None:
    assert parse_gate(word) == (dimension, percent)


@pytest.mark.parametrize(
    "word", ["转移", "转移=", "转移=101", "转移=-1", "转移=十", "转移=1/0", "转移=nan", "转移=1=2"]
)
def test_a_gate_that_makes_no_sense_is_refused(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_gate(word)
    assert caught.value.code == "bad_gate"


def test_a_gate_is_judged_exactly_for_every_flow() -> None:
    one = cover(("甲", but("rename", "stopped")), ("乙", every("customer_accident")))
    gates = [parse_gate("状态=85"), parse_gate("状态=86"), parse_gate("守卫=100")]
    found = unmet(one.figures(), gates)
    assert [(gap.flow, gap.gate.dimension, gap.figure.missing) for gap in found] == [
        ("rename", "states", ("stopped",))
    ]
    assert found[0].gate == gates[1]


def test_a_dimension_in_which_a_flow_owes_nothing_passes_every_gate() -> None:
    figures = Cover().figures(["meter_relocation"])
    assert figures["meter_relocation"]["risks"].of == 0
    assert unmet(figures, [parse_gate("风险=100")]) == []


# -- who tests what ------------------------------------------------------------------------------------------------
ONE = cover(
    ("甲", [("states", "rename", "acceptance"), ("guards", "rename", "acceptance/no_arrears=yes")]),
    ("乙", [("guards", "rename", "acceptance/no_arrears=yes"), ("refusals", "rename", "arrears")]),
)


def asked(word: str, flows: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Item -> who meets it, of one flow."""
    found = ONE.who_tests(word, flows)
    assert len({one.flow for one in found}) == 1
    return {one.item: one.scenarios for one in found}


@pytest.mark.parametrize("word", ["YXZY-YY-334", "334", "acceptance", "业务受理", "ＹＸＺＹ-ＹＹ-334"])
def test_an_entry_and_a_step_mean_all_that_belongs_to_the_step(word: str) -> None:
    found = asked(word)
    assert found["acceptance"] == ("甲",)
    assert found["acceptance/no_arrears=yes"] == ("乙", "甲")
    assert found["acceptance/no_arrears=no"] == ()
    assert {
        "acceptance>contract_change",
        "YXZY-YY-334.1.R1=shown",
        "YXZY-YY-334.1.R2.C1=caught",
        "acceptance=red",
    } <= found.keys()
    assert not [item for item in found if "335" in item or item.startswith("contract_change")]


def test_a_guard_means_both_its_answers_and_the_controls_it_answers() -> None:
    spec = load("rename").step("acceptance")
    answered = {c["id"] for c in spec["controls"] if c["guard"] == "no_arrears"}
    assert answered
    wanted = {"acceptance/no_arrears=yes", "acceptance/no_arrears=no"}
    wanted |= {f"{name}={side}" for name in answered for side in ("done", "caught")}
    assert asked("no_arrears").keys() == asked("本户无欠费").keys() == wanted


def test_a_risk_means_its_controls_too_and_a_control_itself() -> None:
    assert asked("334.2.R1.C1").keys() == {"YXZY-YY-334.2.R1.C1=done", "YXZY-YY-334.2.R1.C1=caught"}
    found = asked("YXZY-YY-334.2.R1").keys()
    assert {"YXZY-YY-334.2.R1=shown", "YXZY-YY-334.2.R1=realised", *asked("334.2.R1.C1")} < found
    assert asked("yxzy-yy-334.2.r1").keys() == found


def test_a_refusal_is_meant_by_its_code_or_its_name() -> None:
    assert asked("arrears") == {"arrears": ("乙",)}
    assert asked("环节不符") == asked("not_here") == {"not_here": ()}


def test_what_the_covered_flows_do_not_have_is_looked_for_in_all_flows() -> None:
    found = ONE.who_tests("YXZY-YY-384")
    assert {(one.flow, one.scenarios) for one in found} == {("account_closure", ())}


@pytest.mark.parametrize(("word", "flows"), [("没有这个", ()), ("YXZY-YY-384", ("rename",)), ("", ())])
def test_a_word_that_means_nothing_is_refused(word: str, flows: Sequence[str]) -> None:
    with pytest.raises(UsageError) as caught:
        ONE.who_tests(word, flows)
    assert caught.value.code == "nothing_meant"
