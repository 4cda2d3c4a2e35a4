"""`yk scenario cover`: runs scenarios, tells what they cover, judges gates by its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from scenario.covers import but, cover
from yk.cli import run
from yk.cli.lazy import group
from yk.cli.root import root
from yk.cli.scenario_cover import COMMANDS
from yk.scenario import cover as covering
from yk.scenario.obligations import dimensions

SCENARIO = """
版本: 1
流程: 更名
场景:
  - 名称: 受理了又终止
    当:
      - 建单: {用户: '1016000001', 新用户名: 示范新里电气有限公司}
      - 终止: 客户撤回申请
    那么: {状态: %s}
  - 名称: 以后再写
    跳过: 等口径
    当:
      - 建单: {用户: '1016000001'}
"""


class Said(NamedTuple):
    """What one run left behind."""

    code: int
    out: str
    err: str


Say = Callable[..., Said]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Say:
    """Run `yk scenario cover …` in a folder of its own."""

    @group("scenario", help="场景。")
    def scenario() -> None:
        """Scenarios."""

    for one in COMMANDS:
        scenario.add_command(one)
    monkeypatch.setitem(root.commands, "scenario", scenario)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Said:
        code = run(["scenario", "cover", *words])
        return Said(code, *capfd.readouterr())

    return call


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A file with what 更名 is owed but two things."""
    path = tmp_path / "覆盖.json"
    covering.save(cover(("更名.yk.yaml::办结", but("rename", "stopped", "acceptance=red"))), path)
    return str(path)


def written(folder: Path, ends: str = "已终止") -> str:
    """A scenario file."""
    path = folder / "更名.yk.yaml"
    path.write_text(SCENARIO % ends, encoding="utf-8")
    return path.name


def test_it_runs_scenarios_and_shows_what_they_met(say: Say, tmp_path: Path) -> None:
    said = say(written(tmp_path))
    assert said.code == 0
    assert said.out.startswith("更名（rename）\n  状态    2/7 ")
    assert "跳过 以后再写：等口径" in said.err


def test_a_scenario_that_fails_fails_the_run_and_counts(say: Say, tmp_path: Path) -> None:
    said = say(written(tmp_path, ends="已归档"))
    assert said.code == 1
    assert "状态    2/7 " in said.out
    assert "1 个场景没有通过" in said.err


def test_json_has_every_dimension_of_every_flow(say: Say, kept: str) -> None:
    said = say("--merge", kept, "--json")
    [record] = json.loads(said.out)
    assert list(record) == ["flow", "name", *dimensions(), "unmet"]
    assert record["states"] == {"hit": 6, "of": 7, "missing": ["stopped"]}
    assert record["unmet"] == []


def test_a_gate_that_is_not_passed_gives_1_and_lists_the_gaps(say: Say, kept: str) -> None:
    passed = say("--merge", kept, "--fail-under", "转移=100", "--fail-under", "states=85")
    assert passed.code == 0
    assert "✗" not in passed.out
    failed = say("--merge", kept, "--fail-under", "状态=86")
    assert failed.code == 1
    assert failed.out.endswith("✗ 更名 状态 6/7（85%），门槛 86%，缺 1 项：\n  已终止  stopped\n")
    as_json = say("--merge", kept, "--fail-under", "状态=86", "--json")
    assert as_json.code == 1
    assert json.loads(as_json.out)[0]["unmet"] == ["states"]
    assert "已终止  stopped" in as_json.err


def test_terminal_page_and_json_tell_the_same_numbers(say: Say, kept: str) -> None:
    said = say("--merge", kept, "--html", "覆盖.html")
    record = json.loads(say("--merge", kept, "--json").out)[0]
    page = Path("覆盖.html").read_text(encoding="utf-8")
    for dimension, name in dimensions().items():
        count = f"{record[dimension]['hit']}/{record[dimension]['of']}"
        assert any(line.split()[:2] == [name, count] for line in said.out.splitlines())
        assert f"<h3>{name} {count}（" in page


def test_what_is_saved_can_be_merged_with_what_is_run(say: Say, tmp_path: Path, kept: str) -> None:
    assert say(written(tmp_path), "--save", "甲.json").code == 0
    assert say("--merge", kept, "--merge", "甲.json", "--fail-under", "状态=100").code == 0
    assert say(written(tmp_path), "--merge", kept, "--fail-under", "状态=100").code == 0


def test_who_tests_an_entry_is_answered_item_by_item(say: Say, kept: str) -> None:
    said = say("--merge", kept, "--who", "YXZY-YY-334", "--json")
    found = {row["item"]: row for row in json.loads(said.out)}
    assert found["acceptance"]["scenarios"] == ["更名.yk.yaml::办结"]
    assert found["acceptance=red"]["scenarios"] == []
    assert found["acceptance=red"]["name"] == "业务受理：红灯"
    assert f"有场景走到的 {len(found) - 1} 项，共 1 个场景" in said.err


def test_other_flows_are_shown_when_they_are_named(say: Say, kept: str) -> None:
    said = say("--merge", kept, "--flow", "客户用电事故管理", "--flow", "rename", "--format", "csv")
    assert {line.split(",")[0] for line in said.out.splitlines()[1:]} == {"customer_accident", "rename"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "没有指明场景"),
        (["--merge", "没有.json"], 3, "没有.json"),
        (["--merge", "坏.json"], 3, "坏.json 不是本版本写的场景覆盖文件"),
        (["--merge", "空.json"], 2, "没有走到哪个流程"),
        (["--merge", "覆盖.json", "--fail-under", "转移"], 2, "门槛 转移 不对"),
        (["--merge", "覆盖.json", "--fail-under", "壮态=1"], 2, "是不是想写 状态"),
        (["--merge", "覆盖.json", "--flow", "更明"], 2, "没有 更明 这个流程"),
        (["--merge", "覆盖.json", "--who", "没有这个"], 2, "没有叫 没有这个 的"),
        (["--merge", "覆盖.json", "--html", "没有这个文件夹/a.html"], 3, "没有这个文件夹"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    say: Say, kept: str, tmp_path: Path, words: list[str], code: int, told: str
) -> None:
    (tmp_path / "坏.json").write_text("[]", encoding="utf-8")
    covering.save(covering.Cover(), tmp_path / "空.json")
    said = say(*words)
    assert said.code == code
    assert told in said.err
    assert said.out == ""
