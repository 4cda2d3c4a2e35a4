"""The manual's content, and the strict reading of it: every mistake is refused, naming file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from manuals import Manual, copied

from yk.errors import DefinitionError, UsageError
from yk.flows import catalogue, reader
from yk.flows.contents import archetypes, contents, flow_listed
from yk.flows.entries import KINDS, ORIGINS, STATEMENTS, archetype_names, entries_of, read_archetype
from yk.flows.origins import origin_mark
from yk.flows.places import archetype_places, overlay_places
from yk.flows.reader import entry_in_full
from yk.flows.roles import role_ids

WRITTEN = sorted(path.stem for path in (catalogue.FOLDER / "entries").glob("*.yaml"))


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manual:
    return copied(tmp_path, monkeypatch)


def test_the_contents_have_339_entries_in_a_row() -> None:
    """HBK-017: 144 to 482, no gap."""
    numbers = [int(code.removeprefix(catalogue.PREFIX)) for code in catalogue.catalogue()]
    assert numbers == list(range(144, 483))


def test_the_corrected_titles_are_those_of_their_flow() -> None:
    """FLOW-047 to FLOW-050: the misprints of the printed contents are corrected and kept."""
    corrected = {
        i.code[-3:]: (i.printed_title, i.title)
        for i in catalogue.catalogue().values()
        if i.title != i.printed_title
    }
    assert corrected["188"] == ("低压非居民新装答复供电方案", "低压居民新装答复供电方案")
    assert corrected["197"][1] == "高压增容现场勘查"
    assert corrected["230"][1] == "低压居民增容业务受理"
    assert corrected["412"][1] == "更改交费方式信息归档"


@pytest.mark.parametrize("flow", WRITTEN)
def test_every_written_entry_has_the_six_columns_with_stable_ids(flow: str) -> None:
    """HBK-013, RSK-003: requirements, procedure, conduct, risks, and a control for every risk."""
    for code, made in entries_of(flow).items():
        assert made["code"] == code
        assert set(made["roles"]) <= set(role_ids())
        for number, section in enumerate(made["sections"], start=1):
            assert section["no"] == number
            assert all(section[kind] for kind in (*STATEMENTS, "risks"))
            for risk in section["risks"]:
                assert re.fullmatch(rf"{code}\.{number}\.R\d+", risk["id"])
                assert risk["kind"] in KINDS
                assert risk["controls"]
                for control in risk["controls"]:
                    assert re.fullmatch(rf"{risk['id']}\.C\d+", control["id"])


@pytest.mark.parametrize("flow", WRITTEN)
def test_every_statement_says_where_it_comes_from(flow: str) -> None:
    """FLOW-051: what the manual does not say is marked 推定."""
    for made in entries_of(flow).values():
        for item in (item for s in made["sections"] for kind in (*STATEMENTS, "risks") for item in s[kind]):
            assert item["origin"] in ORIGINS
            assert bool(item["basis"]) or item["origin"] == "practice"
            assert origin_mark(item).startswith("〔")


def test_marks_of_origin() -> None:
    assert origin_mark({"origin": "practice", "basis": ""}) == "〔推定〕"
    assert origin_mark({"origin": "manual", "basis": "ZJ 145(1)"}) == "〔手册 ZJ 145(1)〕"
    assert origin_mark({"origin": "regulation", "basis": "民法典第532条"}) == "〔法规 民法典第532条〕"


def test_an_entry_lays_its_own_over_its_archetype() -> None:
    archetype, made = read_archetype("acceptance"), entries_of("rename")["YXZY-YY-334"]
    general, own = (
        {r["id"].rpartition(".")[2]: r for r in s[0]["risks"]}
        for s in (archetype["sections"], made["sections"])
    )
    assert own["R1"]["text"] == general["R1"]["text"]
    assert not own["R1"]["own"]
    assert own["R3"]["text"] != general["R3"]["text"], "the same id replaces"
    assert own["R3"]["own"]
    assert "R4" in own.keys() - general.keys(), "a new id adds"


def test_an_entry_may_drop_what_does_not_hold_for_it(manual: Manual) -> None:
    manual.edit("entries/rename.yaml", "      reception:\n", "      reception:\n        drop: [s1, R2]\n")
    section = entries_of("rename")["YXZY-YY-334"]["sections"][0]
    assert "s1" not in [item["id"] for item in section["procedure"]]
    assert "YXZY-YY-334.1.R2" not in [risk["id"] for risk in section["risks"]]


def test_an_entry_may_add_a_section_of_its_own(manual: Manual) -> None:
    manual.edit(
        "entries/rename.yaml",
        "  YXZY-YY-335:\n",
        "      extra:\n        name: 另加环节\n        conduct:\n          - {id: c1, text: 另加的规范, origin: practice}\n"
        "  YXZY-YY-335:\n",
    )
    assert entries_of("rename")["YXZY-YY-334"]["sections"][-1]["name"] == "另加环节"
    assert entries_of("rename")["YXZY-YY-334"]["sections"][-1]["no"] == 4


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "shown"),
    [
        ("entries/rename.yaml", "requirements:", "requirments:", "unknown_key", "requirements"),
        ("archetypes/acceptance.yaml", "likelihood:", "likelyhood:", "missing_key", "likelihood"),
        ("entries/rename.yaml", "extends: acceptance", "extends: acceptence", "unknown_word", "acceptance"),
        ("entries/rename.yaml", "      reception:", "      receptoin:", "unknown_section", "reception"),
        ("entries/rename.yaml", "  YXZY-YY-338:", "  YXZY-YY-339:", "unknown_entry", "YXZY-YY-339"),
        ("entries/rename.yaml", "flow: rename", "flow: renam", "unknown_word", "rename"),
        ("archetypes/acceptance.yaml", "id: acceptance", "id: accept", "unknown_word", "acceptance"),
        ("archetypes/acceptance.yaml", "roles: [acceptance_clerk]", "roles: [aceptance_clerk]", "unknown_word", "acceptance_clerk"),
        ("entries/rename.yaml", "- {id: q5,", "- {id: q4,", "duplicate_id", "q4"),
        ("entries/rename.yaml", "- {id: C2, text: 同一主体", "- {id: C1, text: 同一主体", "duplicate_id", "C1"),
        ("archetypes/acceptance.yaml", "  - id: handover", "  - id: reception", "duplicate_id", "reception"),
        ("entries/rename.yaml", "  YXZY-YY-335:", "  YXZY-YY-334:", "duplicate_key", "YXZY-YY-334"),
        ("entries/rename.yaml", ", guard: no_arrears}", "}", "check_missing", "guard"),
        ("entries/rename.yaml", "guard: no_arrears}", "guard: no_arrears, check: 有没有？}", "check_missing", "只能有一个"),
        ("entries/rename.yaml", "guard: no_arrears}", "guard: no_arears}", "unknown_guard", "no_arrears"),
        ("entries/rename.yaml", "kind: 业务", "kind: 业务类", "unknown_word", "业务"),
        ("entries/rename.yaml", "kind: 系统", "kind: 机器", "unknown_word", "系统"),
        ("entries/rename.yaml", "likelihood: 3", "likelihood: 6", "out_of_scale", "1 到 5"),
        ("entries/rename.yaml", "likelihood: 3", "likelihood: '3'", "wrong_type", "整数"),
        ("entries/rename.yaml", "required: true", "required: yes", "wrong_type", "true"),
        ("entries/rename.yaml", "origin: practice}", "origin: praktice}", "unknown_word", "practice"),
        ("entries/rename.yaml", ", basis: NX 1.3.1.1.1}", "}", "basis_missing", "basis"),
        ("entries/rename.yaml", "basis: NX 1.3.1.1.1}", "basis: 01234567}", "wrong_type", "'01234567'"),
        ("entries/rename.yaml", "basis: NX 1.3.1.1.1}", "basis: 2024-06-01}", "wrong_type", "'2024-06-01'"),
        ("entries/rename.yaml", "只换叫法，地址", "只换叫法,地址", "unknown_key", "半角逗号"),
        ("entries/rename.yaml", "text: 更名只换叫法", "text: 更名: 只换叫法", "bad_yaml", "冒号"),
        ("entries/rename.yaml", "    extends: acceptance", "\textends: acceptance", "bad_yaml", "缩进"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_file_and_line(
    manual: Manual, file: str, old: str, new: str, code: str, shown: str
) -> None:
    line = manual.edit(file, old, new)
    with pytest.raises(DefinitionError) as caught:
        entries_of("rename")
    error = caught.value
    assert error.code == code
    named = re.match(rf"{re.escape(file)} 第 (\d+) 行：", error.message)
    assert named, error.message
    assert abs(int(named[1]) - line) <= 3
    assert shown in error.message + error.hint
    assert error.exit_code == 2


def test_a_list_of_drops_must_name_what_is_there(manual: Manual) -> None:
    line = (
        manual.edit("entries/rename.yaml", "      reception:\n", "      reception:\n        drop: [s99]\n")
        + 1
    )
    with pytest.raises(DefinitionError, match=f"entries/rename.yaml 第 {line} 行：不认识 s99"):
        entries_of("rename")


def test_a_file_that_is_not_utf8_is_refused(manual: Manual) -> None:
    (manual.files / "entries/rename.yaml").write_bytes("flow: 更名".encode("gb18030"))
    with pytest.raises(DefinitionError, match=r"entries/rename\.yaml"):
        entries_of("rename")


def test_every_statement_has_its_place() -> None:
    text = (catalogue.FOLDER / "entries/rename.yaml").read_text(encoding="utf-8").splitlines()
    places = overlay_places("rename")
    assert all(key[-1].rpartition(".")[2] in text[place.line - 1] for key, place in places.items())
    assert (
        text[places["YXZY-YY-334", "reception", "controls", "R3.C2"].line - 1].strip().startswith("- {id: C2")
    )
    for name in archetype_names():
        assert len(archetype_places(name)) > 20


def test_what_readers_get_is_the_entry_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """RSK-003: every risk has a level and every control says what it asks."""
    made = entry_in_full("YXZY-YY-334")
    plain = entries_of("rename")["YXZY-YY-334"]
    assert made["role_names"] == ["业务受理人员"]
    for section, bare in zip(made["sections"], plain["sections"], strict=True):
        assert [i["text"] for i in section["procedure"]] == [i["text"] for i in bare["procedure"]]
        assert all(risk["level"] in "高中低" for risk in section["risks"])
        assert all(control["asks"] for risk in section["risks"] for control in risk["controls"])
    monkeypatch.setattr(reader, "_entries", lambda flow: {})
    with pytest.raises(UsageError, match="还没有编写"):
        entry_in_full("144")


def test_the_contents_count_what_is_written() -> None:
    rows = {row["code"]: row for row in contents()}
    assert len(rows) == 339
    last = rows["YXZY-YY-482"]
    assert (last["sections"], last["risks"], last["roles"]) == (3, 6, ["inspection_chief"])
    made = rows["YXZY-YY-334"]
    assert made["sections"] == 3
    assert made["risks"] == sum(
        len(section["risks"]) for section in entries_of("rename")["YXZY-YY-334"]["sections"]
    )
    assert [row["code"][-3:] for row in contents(flow="更名")] == ["334", "335", "336", "337", "338"]
    assert {row["archetype"] for row in contents(archetype="follow_up")} == {"follow_up"}
    assert all(row["written"] for row in contents(written=True))


@pytest.mark.parametrize("word", ["rename", "更名", "gm", "GM", "334", "YXZY-YY-338"])
def test_a_flow_is_meant_by_id_name_initials_or_entry(word: str) -> None:
    assert flow_listed(word) == "rename"


@pytest.mark.parametrize(("word", "hint"), [("更明", "更名"), ("renam", "rename"), ("", "")])
def test_an_unknown_flow_is_answered_with_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        flow_listed(word)
    assert caught.value.code == "unknown_flow"
    assert hint in caught.value.hint


def test_an_unknown_archetype_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="site_surve") as caught:
        list(contents(archetype="site_surve"))
    assert "site_survey" in caught.value.hint


def test_every_archetype_has_a_name_of_its_own() -> None:
    names = archetypes()
    assert names.keys() == {row["archetype"] for row in contents()}
    assert names["acceptance"] == "业务受理"
    assert names["seal"] == "暂停设备封停", "the work of one entry only is called as that entry"
    assert len(set(names.values())) == len(names)
