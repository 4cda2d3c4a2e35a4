"""`lint`: every data file is read strictly and the content keeps its rules; every problem names file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from manuals import Manual, copied

from yk.flows import roles
from yk.flows.content import has_own_content
from yk.flows.entries import entries_of
from yk.flows.lint import lint


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manual:
    return copied(tmp_path, monkeypatch)


def problems() -> list[dict[str, Any]]:
    """What lint finds."""
    found: list[dict[str, Any]] = lint()["problems"]
    return found


def only(found: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The one problem there is."""
    assert [problem["code"] for problem in found] == [code], found
    return found[0]


def test_the_program_itself_has_no_problem() -> None:
    found = lint()
    assert found["problems"] == []
    assert found["entries"] >= 5
    assert found["specific"] == {"entries_with_own_content": found["entries"]}


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("entries/rename.yaml", "requirements:", "requirments:", "unknown_key"),
        ("archetypes/acceptance.yaml", "id: acceptance", "id: accept", "unknown_word"),
        (
            "archetypes/follow_up.yaml",
            "guard: dissatisfaction_handled",
            "guard: disatisfaction_handled",
            "unknown_guard",
        ),
        ("definitions/rename.yaml", "part: data_archiving", "part: data_archivin", "unknown_word"),
        (
            "definitions/rename.yaml",
            "guards: [contract_names_new",
            "guards: [contract_names_now",
            "unknown_guard",
        ),
        (
            "definitions/rename.yaml",
            "effects: [record_contract_change]",
            "effects: [record_change]",
            "unknown_effect",
        ),
        (
            "definitions/rename.yaml",
            "when: contract_change_needed",
            "when: change_needed",
            "unknown_condition",
        ),
        ("definitions/rename.yaml", "codes: cert_type", "codes: cert_typ", "unknown_codes"),
        ("definitions/rename.yaml", "entry: YXZY-YY-335", "entry: YXZY-YY-999", "unknown_entry"),
        ("definitions/rename.yaml", "entry: YXZY-YY-335", "entry: YXZY-YY-339", "entry_not_written"),
        ("definitions/rename.yaml", "label: 新用户名,", "label: 新用户,名,", "unknown_key"),
        ("definitions/rename.yaml", "{code: M31,", "{code: M3l,", "unknown_material"),
    ],
)
def test_what_a_strict_loader_refuses_is_a_problem_with_its_line(
    manual: Manual, file: str, old: str, new: str, code: str
) -> None:
    line = manual.edit(file, old, new)
    found = problems()
    problem = only(found, code)
    assert problem["file"] == file
    assert abs(problem["line"] - line) <= 3
    assert file not in problem["message"]


def test_a_way_to_nowhere_names_the_nearest_step(manual: Manual) -> None:
    manual.edit("definitions/rename.yaml", "back: [acceptance]", "back: [acceptanse]")
    problem = only(problems(), "unknown_step")
    assert problem["line"] > 0
    assert "是不是想写 acceptance？" in problem["message"]


def test_a_mistake_in_an_archetype_is_told_once(manual: Manual) -> None:
    manual.edit("archetypes/acceptance.yaml", "text: 能办、缺什么", "text: 能办,缺什么")
    assert only(problems(), "unknown_key")["file"] == "archetypes/acceptance.yaml"


def test_several_files_are_told_at_once(manual: Manual) -> None:
    manual.edit("archetypes/follow_up.yaml", "name: 客户回访", "nam: 客户回访")
    manual.edit("definitions/rename.yaml", "category: 变更用电", "kategory: 变更用电")
    manual.edit("entries/rename.yaml", "entries:", "entires:")
    assert {problem["file"] for problem in problems()} >= {"archetypes/follow_up.yaml", "entries/rename.yaml"}


def test_a_registry_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text("roles:\n  - {id: clerk, nam: 某}\n", encoding="utf-8")
    monkeypatch.setattr(roles, "SOURCE", path)
    for cached in (roles.roles, roles._data):
        cached.cache_clear()
    try:
        found = [problem for problem in problems() if problem["file"] == "roles.yaml"]
    finally:
        monkeypatch.undo()
        for cached in (roles.roles, roles._data):
            cached.cache_clear()
    assert found
    assert found[0]["line"] == 2


WHOLE = "更名只换叫法，地址、容量、类别和产权原封不动；有一样在动，就不是更名"
RISK = "            controls:\n              - {id: C1, text: 措施, kind: 人工, required: true, check: 做了吗？}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("更名只换叫法(地址", "half_width"),
        ("更名只换叫法;地址", "half_width"),
        ("更名只换叫法地址。", "trailing_stop"),
        ("更" * 121, "text_too_long"),
    ],
)
def test_how_texts_are_written(manual: Manual, text: str, code: str) -> None:
    line = manual.edit("entries/rename.yaml", WHOLE, text)
    problem = only(problems(), code)
    assert (problem["file"], problem["line"]) == ("entries/rename.yaml", line)


def test_an_ascii_comma_in_a_quoted_text(manual: Manual) -> None:
    manual.edit("entries/rename.yaml", "text: 更名只换叫法，地址", 'text: "更名只换叫法,地址')
    manual.edit("entries/rename.yaml", "就不是更名, origin", '就不是更名", origin')
    assert "半角 ," in only(problems(), "half_width")["message"]


@pytest.mark.parametrize("text", ["第 9 至 17 位、1,000 户", "热线 95598 (24h)", "比例 1:2，电压 10 kV"])
def test_half_width_signs_between_latin_words_are_no_problem(manual: Manual, text: str) -> None:
    manual.edit("entries/rename.yaml", WHOLE, f'"{text}"')
    assert problems() == []


def test_an_archetypes_text_is_judged_where_it_stands(manual: Manual) -> None:
    line = manual.edit("archetypes/follow_up.yaml", "不挑好说话的打,", "不挑好说话的打。,")
    problem = only(problems(), "trailing_stop")
    assert (problem["file"], problem["line"]) == ("archetypes/follow_up.yaml", line)


def test_a_text_that_stands_twice_names_both_places(manual: Manual) -> None:
    line = manual.edit("entries/rename.yaml", WHOLE, "问到谁谁接住；不归本窗口的也听完，领到对口柜台才离手")
    problem = only(problems(), "duplicate_text")
    places = [f"{problem['file']} 第 {problem['line']} 行", problem["message"]]
    assert any(f"entries/rename.yaml 第 {line} 行" in place for place in places)
    assert any("archetypes/acceptance.yaml 第 " in place for place in places)


def test_every_section_has_all_its_columns(manual: Manual) -> None:
    line = manual.edit(
        "entries/rename.yaml",
        "  YXZY-YY-335:\n",
        "      extra:\n        name: 另加环节\n        procedure:\n          - {id: s1, text: 一步, origin: practice}\n"
        "  YXZY-YY-335:\n",
    )
    found = problems()
    assert {p["code"] for p in found} == {
        "requirements_missing",
        "procedure_missing",
        "conduct_missing",
        "risks_missing",
    }
    assert {(p["file"], p["line"]) for p in found} == {("entries/rename.yaml", line)}


def test_an_entry_has_two_to_four_sections(manual: Manual) -> None:
    extra = "".join(
        f"      extra{n}:\n        name: 另加{n}\n        requirements: [{{id: q1, text: 要求{n}, origin: practice}}]\n"
        f"        procedure: [{{id: s1, text: 步骤{n}, origin: practice}}, {{id: s2, text: 再步{n}, origin: practice}}]\n"
        f"        conduct: [{{id: c1, text: 规范{n}, origin: practice}}]\n"
        f"        risks:\n          - id: R1\n            text: 风险{n}\n            kind: 业务\n            likelihood: 1\n"
        f"            consequence: 1\n            origin: practice\n{RISK.replace('措施', f'措施{n}')}"
        for n in (1, 2)
    )
    manual.edit("entries/rename.yaml", "  YXZY-YY-335:\n", f"{extra}  YXZY-YY-335:\n")
    assert "有 5 个作业环节" in only(problems(), "section_count")["message"]


def test_no_entry_is_only_its_archetype(manual: Manual) -> None:
    text = (manual.files / "entries/rename.yaml").read_text(encoding="utf-8")
    start = text.index("  YXZY-YY-338:")
    manual.write("entries/rename.yaml", text[:start] + "  YXZY-YY-338:\n    extends: document_archiving\n")
    found = lint()
    assert only(found["problems"], "own_content_missing")["line"] == text[:start].count("\n") + 1
    assert found["specific"]["entries_with_own_content"] == found["entries"] - 1


def test_own_content_needs_a_risk() -> None:
    entry = entries_of("rename")["YXZY-YY-338"]
    assert has_own_content(entry)
    for section in entry["sections"]:
        section["risks"] = [risk for risk in section["risks"] if not risk["own"]]
    assert not has_own_content(entry)


def test_a_guard_that_was_taken_out_of_the_program_is_missed(
    manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache holds the entries as they were read while the guard was there."""
    from yk.flows import content

    known = {name: guard for name, guard in content.guards().items() if name != "same_party"}
    monkeypatch.setattr(content, "guards", lambda: known)
    found = [problem for problem in problems() if problem["code"] == "unknown_guard"]
    assert [problem["file"] for problem in found] == ["entries/rename.yaml"]
    assert "same_party" in found[0]["message"]
