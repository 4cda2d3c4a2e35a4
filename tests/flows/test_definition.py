"""Flow definitions are read strictly: file, line and the nearest valid word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from walks import EVERYTHING, HEAD, flow_of, rename

from yk import yamls
from yk.archive.codes import codes
from yk.desk import form
from yk.errors import DefinitionError
from yk.flows.definition import parse_definition, read_definition
from yk.flows.facts import SOURCES
from yk.flows.flow import digest_of, flow_ids, load
from yk.flows.roles import roles, separations

SMALL = (
    HEAD.format(id="small", name="小流程")
    + """
form:
  - {name: remark, label: 备注, type: text, step: a}
materials:
  - {code: M01, required: true, deferrable_until: b, basis: 测试}
steps:
  - {id: a, name: 甲, role: approver, guards: [no_arrears], next: [{to: b}]}
  - {id: b, name: 乙, role: approver, back: [a], effects: [release_customer]}
"""
)
GROUPS = (
    HEAD.format(id="groups", name="并行")
    + """
steps:
  - {id: a, name: 甲, role: approver}
  - id: par
    name: 并行
    together:
      - {id: g1, name: 一组, steps: [{id: x, name: 子, role: approver}, {id: x2, name: 子二, role: approver}]}
      - {id: g2, name: 二组, steps: [{id: y, name: 丑, role: approver}]}
  - {id: z, name: 末, role: approver}
"""
)
SIGN = (
    HEAD.format(id="sign", name="会签")
    + """
steps:
  - id: joint
    name: 会签
    role: approver
    sign: {departments: [{id: m, name: 营销, role: approver}, {id: n, name: 运检, role: approver}], arbitrate: judge}
  - {id: judge, name: 仲裁, role: supervisor}
"""
)


def wrong(text: str) -> DefinitionError:
    """The error that reading `text` gives."""
    with pytest.raises(DefinitionError) as caught:
        flow_of(text)
    return caught.value


def line_of(text: str, part: str) -> int:
    """The line `part` stands in."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("base", "old", "new", "code", "shown"),
    [
        (SMALL, "category: 测试", "categorie: 测试", "missing_key", "category"),
        (SMALL, "customer: true", "customer: true\ncustomers: 1", "unknown_key", "customers"),
        (SMALL, "customer: true", "customer: true\ncustomer: false", "duplicate_key", "customer"),
        (SMALL, "customer: true", "customer: yes", "wrong_type", "true 或 false"),
        (SMALL, "confidence: 高", "confidence: 很高", "unknown_word", "很高"),
        (SMALL, "[no_arrears]", "[no_arears]", "unknown_guard", "no_arears"),
        (SMALL, "[no_arrears]", "[no_arrears, no_arrears]", "duplicate_id", "no_arrears"),
        (SMALL, "[release_customer]", "[release_custmer]", "unknown_effect", "release_custmer"),
        (SMALL, "name: 乙, role: approver", "name: 乙, role: aprover", "unknown_word", "aprover"),
        (SMALL, "[{to: b}]", "[{to: c}]", "unknown_step", "c"),
        (SMALL, "[{to: b}]", "[{to: b, when: by_agent}]", "no_way_on", "when"),
        (SMALL, "[{to: b}]", "[{to: b, when: by_agnt}, {to: end}]", "unknown_condition", "by_agnt"),
        (SMALL, "back: [a]", "back: [c]", "unknown_step", "c"),
        (SMALL, "back: [a]", "back: [completed]", "unknown_step", "completed"),
        (SMALL, "back: [a]", "back: [end]", "unknown_step", "end"),
        (SMALL, "back: [a]", "on_fail: stopped", "unknown_step", "stopped"),
        (SMALL, "{id: b,", "{id: a,", "duplicate_id", "a"),
        (SMALL, "{id: b,", "{id: completed,", "duplicate_id", "completed"),
        (SMALL, "{id: b,", "{id: b.c,", "bad_id", "b.c"),
        (SMALL, "{id: b,", "{id: 'b:c',", "bad_id", "b:c"),
        (SMALL, "{id: b,", "{id: 乙,", "bad_id", "乙"),
        (SMALL, "{id: a, name: 甲,", "{id: a, name: 甲, when: by_agent,", "bad_first", "when"),
        (SMALL, "back: [a]", "back: [a], sub_flow: renam", "unknown_flow", "renam"),
        (SMALL, "back: [a]", "limit: {working_days: -1, source: 测试, confidence: 高}", "out_of_range", "b"),
        (SMALL, "back: [a]", "limit: {working_days: 1, source: 测试, confidence: 低}", "limit_not_a_setting", "设置"),
        (SMALL, "back: [a]", "limit: {working_days: 一, source: 测试, confidence: 高}", "wrong_type", "整数"),
        (SMALL, "type: text, step: a}", "type: txt, step: a}", "unknown_word", "txt"),
        (SMALL, "type: text, step: a}", "type: text, step: c}", "unknown_step", "remark"),
        (SMALL, "type: text, step: a}", "type: code, codes: volts, step: a}", "unknown_codes", "volts"),
        (SMALL, "type: text, step: a}", "type: code, step: a}", "unknown_codes", "空"),
        (SMALL, "type: text, step: a}", "type: text, step: a, from: custmer.x}", "unknown_source", "custmer.x"),
        (SMALL, "type: text, step: a}", "type: text, step: a, from: todai}", "unknown_source", "todai"),
        (SMALL, "type: text, step: a}", "type: text, step: a, from: form.x}", "unknown_source", "form.x"),
        (SMALL, "type: text, step: a}", "type: text, step: a, required_when: x}", "unknown_condition", "x"),
        (SMALL, "step: a}\nmaterials", "step: a}\n  - {name: remark, label: 二, type: text, step: a}\nmaterials",
         "duplicate_id", "remark"),
        (SMALL, "code: M01", "code: M99", "unknown_material", "M99"),
        (SMALL, "code: M01", "code: 社区用电证明", "forbidden_material", "社区用电证明"),
        (SMALL, "deferrable_until: b", "deferrable_until: c", "unknown_step", "M01"),
        (SMALL, "name: 乙, role", "entry: YXZY-YY-334, role", "entry_not_written", "YXZY-YY-334"),
        (GROUPS, "{id: x2, name: 子二, role: approver}", "{id: x2, name: 子二, role: approver, next: [{to: z}]}",
         "leaves_group", "x2"),
        (GROUPS, "{id: x2, name: 子二, role: approver}", "{id: x2, name: 子二, role: approver, next: [{to: completed}]}",
         "leaves_group", "x2"),
        (GROUPS, "{id: x2, name: 子二, role: approver}", "{id: x2, name: 子二, role: approver, back: [y]}",
         "leaves_group", "y"),
        (GROUPS, "{id: y, name: 丑, role: approver}", "{id: y, name: 丑, role: approver, on_fail: x}", "leaves_group", "x"),
        (GROUPS, "  - {id: a, name: 甲, role: approver}\n", "", "bad_first", "并行"),
        (GROUPS, "id: g2", "id: g1", "duplicate_id", "g1"),
        (GROUPS, "id: g2", "id: z", "duplicate_id", "z"),
        (GROUPS, "      - {id: g2, name: 二组, steps: [{id: y, name: 丑, role: approver}]}\n", "", "one_group", "两组"),
        (SIGN, "{id: n,", "{id: m,", "duplicate_id", "m"),
        (SIGN, "{id: n,", "{id: 'n:x',", "bad_id", "n:x"),
        (SIGN, "{id: n,", "{id: \"n'\",", "bad_id", "n"),
        (SIGN, "arbitrate: judge", "arbitrate: judges", "unknown_step", "judges"),
        (SIGN, "    role: approver\n", "    role: approver\n    effects: [lock_customer]\n", "sign_ignores", "effects"),
        (SIGN, "    role: approver\n", "    role: approver\n    on_fail: judge\n", "sign_ignores", "on_fail"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line_and_word(
    base: str, old: str, new: str, code: str, shown: str
) -> None:
    assert base.count(old) == 1
    flow_of(base)
    error = wrong(base.replace(old, new))
    assert error.code == code
    assert shown in error.message
    assert "test.yaml 第 " in error.message


def test_the_line_named_is_the_line_of_the_mistake() -> None:
    text = SMALL.replace("[no_arrears]", "[no_arears]")
    error = wrong(text)
    assert f"第 {line_of(text, 'no_arears')} 行" in error.message
    assert "no_arrears" in error.hint


def test_a_chinese_sentence_split_by_an_ascii_comma_is_caught() -> None:
    error = wrong(SMALL.replace("label: 备注,", "label: 备注,补充, "))
    assert error.code in ("unknown_key", "wrong_type")
    assert "半角" in error.hint


def test_a_guard_that_answers_a_control_is_asked_at_its_step() -> None:
    entry = {
        "code": "YXZY-YY-334",
        "title": "更名业务受理",
        "archetype": "acceptance",
        "sections": [
            {
                "name": "一",
                "risks": [
                    {"id": "R", "text": "险", "kind": "业务", "likelihood": 3, "consequence": 4, "origin": "manual",
                     "controls": [{"id": "C", "guard": "no_arrears", "required": True}]}
                ],
            }
        ],
    }  # fmt: skip
    entries = {"YXZY-YY-334": entry}
    text = SMALL.replace("name: 甲, role", "entry: YXZY-YY-334, role")
    doc = parse_definition(yamls.parse(text, "test.yaml"), entries)
    assert doc["steps"][0]["controls"][0]["level"] == "高"
    silent = parse_definition(yamls.parse(text.replace("guards: [no_arrears], ", ""), "test.yaml"), entries)
    assert silent["steps"][0]["guards"] == ["no_arrears"]


def test_a_step_without_an_entry_may_say_what_kind_it_is() -> None:
    said = SMALL.replace("name: 甲,", "name: 甲, archetype: acceptance,")
    assert [step["archetype"] for step in flow_of(said).steps.values()] == ["acceptance", ""]
    with pytest.raises(DefinitionError, match="不认识 acceptence"):
        flow_of(said.replace("archetype: acceptance", "archetype: acceptence"))


def test_a_flow_bears_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(SMALL, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_definition(path, {})
    assert "small" in caught.value.message
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    assert read_definition(tmp_path / "small.yaml", {})["id"] == "small"


def test_ways_back_may_leave_a_group_and_ways_on_may_not() -> None:
    flow_of(
        GROUPS.replace("{id: y, name: 丑, role: approver}", "{id: y, name: 丑, role: approver, back: [a]}")
    )
    flow_of(
        GROUPS.replace(
            "{id: z, name: 末, role: approver}", "{id: z, name: 末, role: approver, back: [par, x2]}"
        )
    )


def test_a_step_may_lead_to_the_end_of_its_group() -> None:
    text = GROUPS.replace(
        "{id: x, name: 子, role: approver}", "{id: x, name: 子, role: approver, next: [{to: end}]}"
    )
    assert flow_of(text).doc["steps"][1]["groups"][0]["steps"][0]["next"] == [{"to": "end", "when": ""}]


def test_the_digest_names_the_document_and_nothing_else() -> None:
    doc = flow_of(EVERYTHING).doc
    assert digest_of(doc) == digest_of(json.loads(json.dumps(doc)))
    assert digest_of(doc) == digest_of(dict(reversed(doc.items())))
    assert digest_of({**doc, "name": "别的"}) != digest_of(doc)
    assert len(digest_of(doc)) == 12


# -- the definitions of the program ---------------------------------------------------------------------
def test_every_field_that_fills_itself_names_a_row_and_not_rows() -> None:
    """A field is filled from one row; sources with many rows cannot fill it."""
    many = {
        "receivable",
        "related",
        "contract_change",
        "violation",
        "orders",
        "contact",
        "document_record",
        "children",
    }
    for name in flow_ids():
        for field in load(name).fields.values():
            source, dot, _ = field["from"].partition(".")
            if dot and source != "form":
                assert source in SOURCES.keys() - many, (name, field["name"])


def test_every_default_and_example_is_a_value_of_its_field() -> None:
    for name in flow_ids():
        for field in load(name).fields.values():
            for value in (field["default"], field["example"] or None):
                if value is not None and "{" not in str(value):
                    parsed = form.parse(field, value)
                    assert parsed is not None
                    if field["type"] == "code":
                        assert parsed == value, (name, field["name"])


def test_every_required_field_fills_itself_or_shows_an_example() -> None:
    """Scenarios and lessons can run any flow through."""
    for name in flow_ids():
        for field in load(name).fields.values():
            if field["required"] or field["required_when"]:
                assert field["from"] or field["default"] is not None or field["example"], (
                    name,
                    field["name"],
                )


def test_every_field_of_a_code_list_has_one() -> None:
    for name in flow_ids():
        for field in load(name).fields.values():
            if field["type"] == "code":
                assert codes(field["codes"])


def test_the_form_of_rename_has_the_printed_screens_fields() -> None:
    """NX 图1-5, 1-9, 1-10: SCR-004 to SCR-006, SCR-018, SCR-019, SCR-024."""
    labels = {field["label"] for field in rename().fields.values()}
    printed = [
        "用户编号",
        "用户名",
        "供电单位",
        "用电地址",
        "证件类型",
        "证件号码",
        "供电电压",
        "用电类别",
        "行业类别",
        "原有容量",
        "业务类型",
        "申请方式",
        "受理时间",
        "新用户名",
        "联系类型",
        "联系人",
        "移动电话",
        "办公电话",
        "住宅电话",
        "电子邮箱",
        "邮编",
        "联系地址",
        "传真号码",
        "联系备注",
        "申请备注",
        "信息归档审批结论",
        "信息归档审批意见",
        "信息归档审批部门",
        "信息归档审批人",
        "信息归档审批时间",
        "档案号",
        "档案柜",
        "档案盒",
        "存档人",
        "存档时间",
        "存档位置",
        "变更内容",
    ]
    assert [label for label in printed if label not in labels] == []


def test_what_the_printed_screen_stars_is_required() -> None:
    """SCR-007, SCR-019, SCR-024."""
    required = {field["label"] for field in rename().fields.values() if field["required"]}
    starred = """申请方式 受理时间 新用户名 联系类型 联系人 联系地址 信息归档审批人 信息归档审批时间 档案号 档案柜 档案盒"""
    starred = starred.split()
    assert [label for label in starred if label not in required] == []


def test_the_equipment_table_has_the_printed_columns() -> None:
    """SCR-012."""
    columns = [column["label"] for column in rename().fields["equipment"]["columns"]]
    assert columns == ["设备类型", "型号", "电压", "相数", "容量", "台数", "合计容量"]


def test_every_step_of_rename_has_a_role_an_entry_a_limit_and_controls() -> None:
    for step in rename().steps.values():
        assert step["role"] in roles()
        assert step["entry"].startswith("YXZY-YY-33")
        assert step["limit"]["working_days"] > 0
        assert step["limit"]["source"]
        assert [c for c in step["controls"] if c["required"] and not c["guard"]]


def test_the_sixteen_roles_of_the_ningxia_table_are_there() -> None:
    """ROLE-001 to ROLE-016."""
    assert len([role for role in roles().values() if role.origin == "NX 1.2"]) == 16


def _stands_twice(archetype: str) -> bool:
    """Has a flow two steps of this kind?"""
    flows = [load(name).steps.values() for name in flow_ids()]
    return any(sum(step["archetype"] == archetype for step in steps) > 1 for steps in flows)


def test_separations_name_archetypes_that_steps_have() -> None:
    known = {step["archetype"] for name in flow_ids() for step in load(name).steps.values()}
    for rule in separations():
        assert {rule.first, rule.second} <= known
        assert rule.first != rule.second or _stands_twice(rule.first), "one step excludes nothing"
        assert rule.basis
