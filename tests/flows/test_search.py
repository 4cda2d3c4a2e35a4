"""Finding entries by words, numbers and pinyin initials."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from manuals import Manual, copied

from yk.flows.catalogue import catalogue
from yk.flows.search import Found, nearby, search


def codes(*words: str) -> list[str]:
    """The numbers found, best first, each once."""
    return list(dict.fromkeys(found.code.removeprefix("YXZY-YY-") for found in search(words)))


@pytest.mark.parametrize("word", ["334", "YXZY-YY-334", "yxzy-yy-334", "YY-334", "yy334", "３３４"])
def test_a_number_finds_its_entry_first(word: str) -> None:
    first = search([word])[0]
    assert (first.code, first.where, first.text) == ("YXZY-YY-334", "作业项", "更名业务受理")


def test_a_title_comes_before_its_flow_and_before_texts() -> None:
    assert codes("更名合同变更")[0] == "335"
    assert codes("更名")[:5] == ["334", "335", "336", "337", "338"]
    assert codes("过户业务受理")[:1] == ["339"]


def test_entries_that_are_not_written_are_found_by_title() -> None:
    assert codes("现场勘查", "高压新装")[0] == "152"
    assert codes("低压居民新装答复供电方案") == ["188"]


def test_printed_titles_are_found_and_told() -> None:
    found = search(["188"])[0]
    assert found.title == "低压居民新装答复供电方案"
    assert "原印：低压非居民新装答复供电方案" in found.text
    assert "188" in codes("低压非居民新装答复供电方案")


@pytest.mark.parametrize(
    ("word", "number"), [("gm", "334"), ("GM", "334"), ("gmywsl", "334"), ("plxh", "414")]
)
def test_pinyin_initials_find_flows_and_titles(word: str, number: str) -> None:
    assert codes(word)[0] == number


def test_flows_are_found_by_name_and_id() -> None:
    flow = [
        item.code.removeprefix("YXZY-YY-") for item in catalogue().values() if item.flow == "account_closure"
    ]
    assert codes("account_closure")[: len(flow)] == flow
    assert codes("销户")[: len(flow)] == flow


def test_two_spellings_of_one_thing_find_the_same_flow() -> None:
    """FLOW-050: 交费 and 缴费, 勘查 and 查勘."""
    assert codes("更改缴费方式") == codes("更改交费方式") == ["410", "411", "412", "413"]
    assert codes("现场查勘") == codes("现场勘查")


def test_statements_risks_and_controls_are_found_where_they_stand() -> None:
    risk, control = (
        next(f for f in search([word]) if f.code == "YXZY-YY-334")
        for word in ("躲开过户清算", "列出户号和数额")
    )
    assert risk == Found(
        "YXZY-YY-334",
        "更名业务受理",
        "1 接待与甄别：风险点",
        "房子厂子已经换了主，来人图省事按更名办，躲开过户清算，旧债和合同责任没人认",
        "YXZY-YY-334.1.R4",
    )
    assert control.id.startswith("YXZY-YY-334.1.R3.C")
    statement = search(["开口用普通话"])[0]
    assert (statement.where, statement.id) == ("1 接待与甄别：行为规范", "")


def test_every_word_must_be_there_in_the_text_or_in_its_entry() -> None:
    assert {found.code for found in search(["334", "欠费"])} == {"YXZY-YY-334"}
    assert all("欠费" in found.text for found in search(["更名 欠费"]))
    assert search(["更名", "火星"]) == []
    assert search([]) == search([" "]) == []


def test_what_an_entry_says_itself_comes_before_what_its_archetype_says() -> None:
    found = [
        f for f in search(["欠费"]) if f.where.endswith("作业要求") or f.where.endswith("作业内容及步骤")
    ]
    own = next(n for n, f in enumerate(found) if "都要清了才能受理" in f.text)
    inherited = next(n for n, f in enumerate(found) if "再看状态、在途工单" in f.text)
    assert own < inherited


def test_width_and_case_do_not_matter() -> None:
    assert search(["供电营业规则（1996）"]) == search(["供电营业规则(1996)"])
    assert search(["ＧＭ"]) == search(["gm"])


def test_a_word_nobody_wrote_is_answered_with_a_hint() -> None:
    assert nearby(["更明"]) == "是不是想找 更名？"
    assert nearby(["qqqqqq"]) == ""


def test_new_content_is_found_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manual: Manual = copied(tmp_path, monkeypatch)
    assert search(["绿码"]) == []
    manual.edit("entries/rename.yaml", "更名只换叫法", "绿码只换叫法")
    assert search(["绿码"])[0].code == "YXZY-YY-334"


def test_a_warm_search_reads_no_yaml() -> None:
    search(["更名"])
    script = "import sys; from yk.flows.search import search; assert search(['更名']); print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_flow_that_is_not_in_the_manual_is_shown_where_it_is() -> None:
    assert "yk flow show 小区新装" in nearby(["小区新装"])
