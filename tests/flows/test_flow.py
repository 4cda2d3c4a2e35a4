"""A flow as an object: found by many words, its parts, what it needs, what it lacks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from walks import everything, flow_of, rename, steps

from yk.errors import UsageError
from yk.flows.effects import find_effect
from yk.flows.flow import Flow, ended, find, leaf_steps, load
from yk.flows.guards import conditions, guards


@pytest.mark.parametrize("word", ["rename", "更名", "gm", "GM", "YXZY-YY-334", "334", "yy338", "３３６"])
def test_a_flow_is_found_by_id_name_initials_or_entry(word: str) -> None:
    assert find(word) is rename()


@pytest.mark.parametrize(
    ("word", "code"),
    [("renam", "unknown_flow"), ("", "unknown_flow"), ("999", "unknown_entry"), ("更", "unknown_flow")],
)
def test_a_word_that_means_no_flow_is_a_clear_error(word: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(word)
    assert caught.value.code == code


def test_a_wrong_word_gets_a_hint() -> None:
    with pytest.raises(UsageError) as caught:
        load("renam")
    assert "rename" in caught.value.hint


def test_an_unknown_step_gets_a_hint() -> None:
    with pytest.raises(UsageError) as caught:
        rename().step("acceptence")
    assert caught.value.code == "unknown_step"
    assert "acceptance" in caught.value.hint


def _with(doc: dict[str, Any], where: str, name: str) -> None:
    """Put an unknown name at one of the places a document can name something."""
    step = doc["steps"][0]
    if where in ("guards", "effects"):
        step[where].append(name)
    elif where in ("opens_if", "on_stop"):
        doc[where].append(name)
    elif where == "next":
        step["next"] = [{"to": "survey", "when": name}, {"to": "joint", "when": ""}]
    elif where == "when":
        doc["steps"][1]["when"] = name
    elif where == "role":
        step["role"] = name
    elif where == "sign":
        doc["steps"][2]["sign"]["departments"][0]["role"] = name
    elif where == "group":
        doc["steps"][4]["groups"][0]["steps"][0]["guards"].append(name)
    elif where == "form":
        doc["form"][0]["required_when"] = name


PLACES = ["guards", "effects", "opens_if", "on_stop", "next", "when", "role", "sign", "group", "form"]


@pytest.mark.parametrize("where", PLACES)
def test_a_definition_that_names_what_this_program_lacks_gives_one_clear_error(where: str) -> None:
    doc = deepcopy(everything().doc)
    _with(doc, where, "of_the_future")
    with pytest.raises(UsageError) as caught:
        Flow(doc)
    assert caught.value.code == "definition_too_old"
    assert "of_the_future" in caught.value.message
    assert "什么都有" in caught.value.message
    assert caught.value.hint


def test_a_step_reads_what_its_guards_effects_conditions_and_form_need() -> None:
    for flow in (rename(), everything()):
        for name, step in flow.steps.items():
            wanted = {source for g in step["guards"] for source in guards()[g].reads}
            wanted |= {source for e in step["effects"] for source in find_effect(e).reads}
            wanted |= {source for c in flow.conditions_at(name) for source in conditions()[c].reads}
            wanted |= {f["from"].split(".")[0] for f in flow.fields_at(name) if "." in f["from"]} - {"form"}
            assert wanted <= set(flow.reads(name))


def test_a_form_field_of_a_later_step_is_read_even_when_no_guard_reads_its_source() -> None:
    flow = flow_of(
        """
id: small
name: 小
category: 测试
source: 测试
confidence: 高
form: [{name: cert, label: 证件, type: text, step: b, from: party.cert_no}]
steps: [{id: a, name: 甲, role: approver}, {id: b, name: 乙, role: approver}]
"""
    )
    assert "party" in flow.reads("b")


def test_leaf_steps_come_in_the_flows_order() -> None:
    flow = everything()
    assert leaf_steps(flow, ("par", "works", "inspect", "fees", "fee")) == ["fee", "inspect"]
    assert leaf_steps(flow, ("completed",)) == []
    assert leaf_steps(flow, ("joint", "joint/mkt", "joint/mkt/wait")) == ["joint"]


def test_the_ends_of_a_flow_are_known() -> None:
    assert ended(("completed",)) == "completed"
    assert ended(("stopped",)) == "stopped"
    assert ended(("accept",)) == ""


def test_a_flow_is_loaded_once() -> None:
    assert load("rename") is load("rename")


def test_a_step_with_a_child_flow_asks_for_the_child() -> None:
    flow = steps("{id: a, name: 甲, sub_flow: rename}", "{id: b, name: 乙}")
    assert flow.gate("a") == ("fields", "materials", "controls", "child_done")
    assert flow.gate("b") == ("fields", "materials", "controls")
    assert "children" in flow.reads("a")
