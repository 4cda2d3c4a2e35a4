"""Parts of steps: what a kind of step brings, what a flow leaves out or says differently, what is wrong with its line."""

from __future__ import annotations

import pytest
from walks import HEAD, flow_of, walk, yes

from yk.errors import DefinitionError
from yk.flows.driver import Driver
from yk.flows.flow import Flow
from yk.flows.parts import part_names, read_part

ONE = HEAD.format(id="small", name="小流程")


def flow(step: str, form: str = "", materials: str = "") -> Flow:
    """A flow whose second step is `step`, with fields and materials of its own."""
    own = f"form:\n{form}" if form else ""
    papers = f"materials:\n{materials}" if materials else ""
    return flow_of(f"{ONE}{own}{papers}steps:\n  - {{id: a, name: 甲, role: approver}}\n  - {step}\n")


@pytest.mark.parametrize("name", part_names())
def test_every_part_is_read_and_gives_its_fields_to_its_step(name: str) -> None:
    part = read_part(name, "there")
    assert {field["step"] for field in part["form"]} <= {"there"}
    assert part["role"]


def test_a_step_takes_role_limit_guards_effects_form_and_materials_of_its_part() -> None:
    made = flow("{id: r, name: 报验, part: completion_report}")
    step = made.step("r")
    assert step["role"] == "completion_receiver"
    assert step["guards"] == ["electricians_certified", "reports_valid"]
    assert step["limit"]["setting"] == "limit_completion_report"
    assert [f["name"] for f in made.fields_at("r")][:2] == ["report_no", "reported_on"]
    assert {(m["code"], m["step"]) for m in made.doc["materials"]} == {
        ("M15", "r"),
        ("M16", "r"),
        ("M17", "r"),
    }


def test_a_step_says_its_own_role_and_adds_its_own_guards() -> None:
    made = flow("{id: r, name: 审批, part: approval, role: supervisor, guards: [no_arrears]}")
    assert made.step("r")["role"] == "supervisor"
    assert made.step("r")["guards"] == ["approval_granted", "approval_cites_clause", "no_arrears"]


def test_what_a_step_is_without_is_not_there() -> None:
    made = flow("{id: r, name: 报验, part: completion_report, without: [reports_valid, report_no, M17]}")
    assert made.step("r")["guards"] == ["electricians_certified"]
    assert "report_no" not in made.fields
    assert "M17" not in {m["code"] for m in made.doc["materials"]}


def test_a_field_of_the_flow_replaces_the_parts_in_its_place() -> None:
    own = "  - {name: reported_on, label: 报验时间, type: datetime, step: r}\n  - {name: extra, label: 外加, type: text, step: r}\n"
    made = flow("{id: r, name: 报验, part: completion_report}", form=own)
    names = [f["name"] for f in made.fields_at("r")]
    assert names[:2] == ["report_no", "reported_on"]
    assert names[-1] == "extra"
    assert made.fields["reported_on"]["label"] == "报验时间"


def test_a_material_of_the_flow_replaces_the_parts() -> None:
    made = flow(
        "{id: r, name: 报验, part: completion_report}",
        materials="  - {code: M16, required: false, basis: 测试}\n",
    )
    assert [m["required"] for m in made.doc["materials"] if m["code"] == "M16"] == [False]


@pytest.mark.parametrize(
    ("step", "code", "part"),
    [
        ("{id: r, name: 丙, part: aproval}", "unknown_word", "approval"),
        ("{id: r, name: 丙, part: approval, without: [approval_grantd]}", "unknown_word", "approval_granted"),
        ("{id: r, name: 丙, role: approver, without: [approval_granted]}", "without_part", "part"),
        ("{id: r, name: 丙}", "missing_key", "role"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(step: str, code: str, part: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        flow(step)
    assert caught.value.code == code
    assert part in caught.value.message + caught.value.hint
    assert "第 10 行" in caught.value.message


def test_two_fields_of_one_name_are_still_refused() -> None:
    twice = "  - {name: extra, label: 一, type: text, step: r}\n  - {name: extra, label: 二, type: text, step: r}\n"
    with pytest.raises(DefinitionError) as caught:
        flow("{id: r, name: 审批, part: approval}", form=twice)
    assert caught.value.code == "duplicate_id"


# -- groups that may skip their first step ----------------------------------------------------------------
GROUPS = """steps:
  - {id: a, name: 甲, role: approver}
  - id: both
    name: 并行
    together:
      - id: g1
        name: 一组
        steps:
          - {id: x, name: 子, role: approver, when: by_agent}
          - {id: y, name: 丑, role: approver, when: person_customer}
      - id: g2
        name: 二组
        steps: [{id: z, name: 寅, role: approver}]
  - {id: end_, name: 末, role: approver}
"""


@pytest.mark.parametrize(
    ("yeses", "stands"),
    [
        ({"by_agent", "person_customer"}, {"x", "z"}),
        ({"person_customer"}, {"y", "z"}),
        (set(), {"z"}),
    ],
)
def test_a_group_begins_at_the_first_step_whose_condition_holds(yeses: set[str], stands: set[str]) -> None:
    driver = Driver(flow_of(ONE + GROUPS))
    ask = lambda block: tuple(n not in ("by_agent", "person_customer") or n in yeses for n in block)  # noqa: E731
    at = walk(driver, "send:a", ask=ask)
    assert {place for place in at if place in ("x", "y", "z")} == stands


def test_groups_that_are_skipped_altogether_are_left_at_once() -> None:
    text = GROUPS.replace(
        "{id: z, name: 寅, role: approver}", "{id: z, name: 寅, role: approver, when: by_agent}"
    )
    driver = Driver(flow_of(ONE + text))
    no = lambda block: tuple(n not in ("by_agent", "person_customer") for n in block)  # noqa: E731
    assert walk(driver, "send:a", ask=no) == ("end_",)
    assert "x" in walk(driver, "send:a", ask=yes)
