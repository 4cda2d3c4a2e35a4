"""`yk operator`: who works here; ids that can be typed, roles by either name."""

from __future__ import annotations

import pytest

from .conftest import Yk

ADD = ["operator", "add"]
CLERK = ["--role", "业务受理人员"]


def operators(yk: Yk) -> dict[str, list[str]]:
    return {row["id"]: row["roles"] for row in yk("operator", "list", "--json").json}


@pytest.mark.parametrize("ident", ["li01", "李示范", "li.si-fan_1@east", "ｌｉ０１"])
def test_an_operator_is_added_and_may_act(demo: Yk, ident: str) -> None:
    result = demo(*ADD, ident, "--name", " 李 示范 ", *CLERK, "--role", "archivist", *CLERK)
    assert result.code == 0
    assert result.out.splitlines()[1:] == [
        "姓名      李 示范",
        "供电单位  全部",
        "角色      业务受理人员、归档人员",
    ]
    assert list(operators(demo).values()).count(["acceptance_clerk", "archivist"]) == 1
    assert demo("case", "open", "更名", "--customer", "1016000001", "--operator", ident).code == 0


def test_roles_may_be_given_in_one_word(demo: Yk) -> None:
    assert demo(*ADD, "li", "--name", "李", "--role", "业务受理人员，archivist、审批人员").code == 0
    assert operators(demo)["li"] == ["acceptance_clerk", "archivist", "approver"]


def test_adding_again_changes(demo: Yk) -> None:
    assert demo(*ADD, "li", "--name", "李", *CLERK).err == "已增加经办人 li\n"
    assert demo(*ADD, "li", "--name", "李", "--role", "archivist").err == "已更改经办人 li\n"
    assert operators(demo)["li"] == ["archivist"]


@pytest.mark.parametrize(
    "ident", ["", " ", "a b", "a:b", "a/b", "a\nb", "\x1b[2J", "x" * 41, "😀", "a\u202eb"]
)
def test_an_id_that_cannot_be_typed_is_refused(demo: Yk, ident: str) -> None:
    result = demo(*ADD, "--name", "李", *CLERK, "--", ident)
    assert result.code == 2
    assert "编号" in result.err
    assert len(operators(demo)) == 34


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "", *CLERK], "经办人要有编号和姓名"),
        (["--name", "李" * 41, *CLERK], "姓名最多 40 个字"),
        (["--name", "李"], "缺少选项 '--role'：角色编号或中文名"),
        (["--name", "李", "--role", "受理员"], "没有 受理员 这个角色"),
        (["--name", "李", *CLERK, "--org", "城东"], "没有 城东 这个供电单位"),
    ],
)
def test_what_is_wrong_is_said(demo: Yk, words: list[str], said: str) -> None:
    result = demo(*ADD, "li", *words)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "提示：" in result.err or "姓名最多" in said


def test_roles_are_listed_with_duty_and_source(demo: Yk) -> None:
    rows = demo("operator", "roles", "--json").json
    assert len(rows) == 33
    assert all(row["name"] and row["duty"] and row["origin"] for row in rows)


def test_each_role_alone_may_do_its_own_step_only(demo: Yk) -> None:
    for ident in operators(demo).keys() - {"trainer", "acceptance_clerk"}:
        assert (
            demo("case", "open", "更名", "--customer", "1016000001", "--operator", ident, "--dry-run").code
            == 4
        )
    assert (
        demo("case", "open", "更名", "--customer", "1016000001", "--operator", "acceptance_clerk").code == 0
    )


def test_a_unit_keeps_its_people_to_its_orders(demo: Yk) -> None:
    demo(*ADD, "li", "--name", "李", *CLERK, "--org", "99404")
    demo(*ADD, "wang", "--name", "王", *CLERK, "--org", "99401")
    demo("case", "open", "更名", "--customer", "1016000001", "--operator", "li")
    assert len(demo("case", "list", "--mine", "--operator", "li", "--json").json) == 1
    assert demo("case", "list", "--mine", "--operator", "wang", "--json").json == []
    refused = demo("case", "send", "012611230001", "--operator", "wang", "--json").json["refused"]
    assert "other_office" in {reason["code"] for reason in refused}


def test_a_role_may_wait_for_an_exam_and_does_not_count_before(demo: Yk) -> None:
    added = demo(*ADD, "li", "--name", "李", "--role", "archivist", "--until-exam", "业务受理人员，审批人员")
    assert added.out.splitlines()[-2:] == ["角色        归档人员", "考试合格后  业务受理人员、审批人员"]
    assert operators(demo)["li"] == ["archivist"]
    shown = {row["id"]: row["awaiting"] for row in demo("operator", "list", "--json").json}
    assert shown["li"] == ["acceptance_clerk", "approver"]
    assert shown["trainer"] == []
    refused = demo("case", "open", "更名", "--customer", "1016000001", "--operator", "li", "--json")
    assert (refused.code, refused.json["refused"][0]["code"]) == (4, "role_missing")


def test_the_list_shows_who_waits_for_an_exam_only_where_somebody_does(demo: Yk) -> None:
    assert "考试合格后" not in demo("operator", "list").out
    demo(*ADD, "li", "--name", "李", "--until-exam", "archivist")
    assert "考试合格后" in demo("operator", "list").out.splitlines()[0]


def test_a_role_is_given_now_or_after_the_exam_but_not_both(demo: Yk) -> None:
    result = demo(*ADD, "li", "--name", "李", *CLERK, "--until-exam", "acceptance_clerk")
    assert result.code == 2
    assert "业务受理人员既直接给了，又要等考试合格" in result.err
    assert "li" not in operators(demo)


def test_adding_again_without_the_exam_takes_its_role_back(demo: Yk) -> None:
    demo(*ADD, "li", "--name", "李", "--until-exam", "archivist")
    demo(*ADD, "li", "--name", "李", *CLERK)
    assert [row["awaiting"] for row in demo("operator", "list", "--json").json if row["id"] == "li"] == [[]]
