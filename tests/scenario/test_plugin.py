"""The pytest plugin, in runs of pytest of their own: what is collected, how it is told, coverage, and that it harms nobody."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from yk import pytest_plugin
from yk.scenario import reading
from yk.scenario.cover import Cover, read

SCENARIOS = """\
流程: 更名
标签: [更名]
引用: [_公共.yk.yaml]
场景:
  - 名称: 建单
    编号: T-1
    标签: [冒烟, skip, _内, '口径:2016']
    当:
      - 建单: {用户: '1016000001', 新用户名: 甲}
        应: {状态: 业务受理}
  - 名称: 两户
    标签: [夜间]
    例子: |
      | 户         |
      | 1016000001 |
      | 1016000002 |
    当:
      - {建单: {用户: '${户}', 新用户名: 甲}}
  - {名称: 等口径, 编号: T-3, 跳过: 等省公司口径, 当: [{套用: 建}]}
"""
SHARED = """\
模板:
  建: [{建单: {用户: '1016000001', 新用户名: 甲}}]
"""
FAILING = """\
流程: 更名
场景:
  - 名称: 期望写错
    编号: T-4
    当:
      - {建单: {用户: '1016000001', 新用户名: 甲}, 应: {状态: 信息归档}}
  - 名称: 缺陷还在
    已知缺陷: BUG-1
    当:
      - {建单: {用户: '1016000001', 新用户名: 甲}, 应: {状态: 信息归档}}
  - 名称: 缺陷没了
    已知缺陷: BUG-2
    当:
      - {建单: {用户: '1016000001', 新用户名: 甲}}
"""
ORDINARY = "def test_of_somebody_else():\n    assert True\n"
BROKEN = """\
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("yk.scenario", "yk.errors")):
            raise ImportError(f"{name} 坏了")
sys.meta_path.insert(0, Broken())
"""


ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "COLUMNS": "100"}


class Done(NamedTuple):
    """What a run of pytest said, and its exit code."""

    text: str
    code: int
    folder: Path

    @property
    def outcome(self) -> dict[str, int]:
        """Counts of the last line."""
        last = self.text.strip().splitlines()[-1]
        return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last.split(" in ")[0])}

    def cases(self) -> dict[str, ET.Element]:
        """The test cases of its JUnit file, by name."""
        root = ET.parse(self.folder / "o.xml").getroot()  # noqa: S314 - our own
        return {str(case.get("name")): case for case in root.iter("testcase")}


def run(folder: Path, *args: str, **env: str) -> Done:
    """A run of pytest in a process of its own, with this plugin and no other."""
    command = [sys.executable, "-m", "pytest", "-p", "yk.pytest_plugin", "-p", "no:cacheprovider", *args]
    env = {**os.environ, **ALONE, **env}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return Done(done.stdout + done.stderr, done.returncode, folder)


def inside(folder: Path, *args: str) -> Done:
    """The same in this process, which is quicker."""
    command = ["-p", "no:cacheprovider", "--capture=sys", "--import-mode=importlib", *args]
    out = StringIO()
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out), redirect_stderr(out):
        for name, value in ALONE.items():
            patch.setenv(name, value)
        code = pytest.main(command, plugins=[pytest_plugin])
    return Done(out.getvalue(), int(code), folder)


def project(folder: Path, **files: str) -> Path:
    """A project with an ordinary test and these scenario files."""
    folder.mkdir(exist_ok=True)
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers --strict-config\n", encoding="utf-8"
    )
    (folder / "test_ordinary.py").write_text(ORDINARY, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yk.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A run over every kind of scenario, warnings being errors."""
    folder = project(tmp_path_factory.mktemp("whole"), 更名=SCENARIOS, 坏例=FAILING, _公共=SHARED)
    junit = ("--junitxml=o.xml", "-o", "junit_logging=system-out", "-o", "junit_family=xunit1")
    return run(folder, "-v", "-rfsx", "-W", "error", *junit)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose scenarios pass."""
    return project(tmp_path_factory.mktemp("good"), 更名=SCENARIOS, _公共=SHARED)


# -- what is collected ---------------------------------------------------------------------------------------
def test_every_scenario_and_row_of_examples_is_a_test(good: Path) -> None:
    listed = inside(good, "--collect-only", "-q").text.splitlines()
    assert [line for line in listed if "::" in line] == [
        "test_ordinary.py::test_of_somebody_else",
        "更名.yk.yaml::建单",
        "更名.yk.yaml::两户[户=1016000001]",
        "更名.yk.yaml::两户[户=1016000002]",
        "更名.yk.yaml::等口径",
    ]


def test_files_that_begin_with_an_underscore_are_never_collected(good: Path) -> None:
    assert "_公共" not in inside(good, "--collect-only", "-q", ".", "_公共.yk.yaml").text.replace(
        "_公共.yk.yaml)", ""
    )


def test_one_test_is_run_by_its_node_id(good: Path) -> None:
    assert inside(good, "更名.yk.yaml::两户[户=1016000002]").outcome == {"passed": 1}


def test_a_name_never_breaks_the_list_of_tests(tmp_path: Path) -> None:
    odd = '流程: 更名\n场景: [{名称: "甲::乙\\n丙\\e[31m", 当: []}]\n'
    assert inside(project(tmp_path, 怪=odd), "怪.yk.yaml::甲:乙 丙 [31m").outcome == {"passed": 1}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["-m", "冒烟"], ["建单"]),
        (["-m", "更名 and not 冒烟 and not 夜间"], ["等口径"]),
        (["-k", "T-3 or 口径:2016"], ["建单", "等口径"]),
    ],
)
def test_tags_are_marks_and_ids_are_words(good: Path, words: list[str], names: list[str]) -> None:
    listed = inside(good, "--collect-only", "-q", *words).text.splitlines()
    assert [line.split("::")[1] for line in listed if "::" in line] == names


def test_collecting_can_be_switched_off(good: Path) -> None:
    assert inside(good, "-o", "yk_collect=false").outcome == {"passed": 1}


def test_the_plugin_means_the_files_the_program_means() -> None:
    assert pytest_plugin.SUFFIX == reading.SUFFIX


# -- how it is told ------------------------------------------------------------------------------------------
def test_passing_failing_skipping_and_known_defects_are_told_apart(whole: Done) -> None:
    assert whole.outcome == {"failed": 2, "passed": 4, "skipped": 1, "xfailed": 1}
    assert whole.code == 1
    assert "等省公司口径" in whole.text
    assert "BUG-1" in whole.text


def test_a_failure_starts_with_its_reason_and_shows_no_python(whole: Done) -> None:
    lines = whole.text.splitlines()
    head = next(n for n, line in enumerate(lines) if "场景 期望写错" in line)
    assert lines[head + 1].endswith("状态 期望 信息归档 实际 业务受理")
    assert lines[head + 2] == "  坏例.yk.yaml:3"
    assert "Traceback" not in whole.text
    assert not re.search(r"\.py:\d", whole.text)


def test_the_short_summary_carries_the_reason(whole: Done) -> None:
    (line,) = [line for line in whole.text.splitlines() if line.startswith("FAILED 坏例.yk.yaml::期望写错")]
    assert " - 这一步之后有 1 处不符：" in line


def test_a_defect_that_is_gone_is_a_failure(whole: Done) -> None:
    assert "[XPASS(strict)] BUG-2" in whole.text


def test_junit_properties_name_flow_number_place_steps_and_clock(whole: Done) -> None:
    found = {one.get("name"): one.get("value") for one in whole.cases()["期望写错"].iter("property")}
    assert list(found) == ["yk.flow", "yk.id", "yk.place", "yk.steps", "yk.clock"]
    assert (found["yk.flow"], found["yk.id"], found["yk.place"]) == ("rename", "T-4", "坏例.yk.yaml:3")
    assert str(found["yk.steps"]).startswith("✗ ")


def test_junit_knows_the_line_of_a_scenario(whole: Done) -> None:
    assert [whole.cases()[name].get("line") for name in ("建单", "缺陷没了")] == ["4", "10"]


def test_junit_keeps_the_steps_of_what_passed(whole: Done) -> None:
    assert "✓   1 " in str(whole.cases()["建单"].findtext("system-out"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            SCENARIOS.replace("应: {状态", "应拒绝: {状态"),
            r"坏\.yk\.yaml:10: .*应拒绝.*应拒",
        ),
        ("流程: 更名\n流程: 更名\n", r"坏\.yk\.yaml(:2: | 第 2 行：).*流程"),
        ("流程: 更名\n场景: [\n", r"坏\.yk\.yaml:\d+: "),
    ],
)
def test_a_bad_file_is_told_in_one_line_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    done = inside(project(tmp_path, 坏=text, _公共=SHARED))
    assert done.code == pytest.ExitCode.INTERRUPTED
    lines = done.text.splitlines()
    head = next(n for n, line in enumerate(lines) if "ERROR collecting" in line)
    assert re.match(told, lines[head + 1])
    assert lines[head + 2].startswith("=")
    assert "Traceback" not in done.text


# -- coverage ------------------------------------------------------------------------------------------------
def test_coverage_is_listed_written_and_gated_when_asked(good: Path) -> None:
    files = ("--yk-cov-json", "cover.json", "--yk-cov-html", "cover.html")
    done = inside(good, "--yk-cov", *files, "--yk-cov-fail-under", "转移=100")
    assert done.outcome == {"passed": 4, "skipped": 1}
    assert done.code == 1
    assert re.search(r"^ +转移 +0/\d+ .* 0%", done.text, re.M)
    assert re.search(r"^✗ 更名.*转移 0/\d+.*100%", done.text, re.M)
    assert "业务受理→合同变更" in done.text
    assert "更名.yk.yaml::建单" in (good / "cover.html").read_text(encoding="utf-8")
    cover = read(good / "cover.json")
    assert cover.who("states", "rename", "acceptance") == tuple(
        f"更名.yk.yaml::{name}" for name in ("两户[户=1016000001]", "两户[户=1016000002]", "建单")
    )


def test_a_gate_that_is_met_changes_nothing(good: Path) -> None:
    done = inside(good, "--yk-cov-fail-under", "状态=10", "--yk-cov-fail-under", "guards=0")
    assert done.code == 0
    assert "流程覆盖" not in done.text


def test_no_scenario_is_no_coverage(good: Path) -> None:
    done = inside(good, "--yk-cov-fail-under", "状态=1", "test_ordinary.py")
    assert done.code == 1
    assert "没有跑过场景" in done.text


def test_nothing_is_judged_where_nothing_is_inside(good: Path) -> None:
    assert inside(good, "--collect-only", "-q", "--yk-cov-fail-under", "状态=100").code == 0


@pytest.mark.parametrize("gate", ["转移", "转移=多", "转弯=100"])
def test_a_gate_that_cannot_be_is_a_mistake_of_the_call(good: Path, gate: str) -> None:
    done = inside(good, "--yk-cov-fail-under", gate)
    assert done.code == pytest.ExitCode.USAGE_ERROR
    assert done.text.startswith("ERROR: ")
    assert len(done.text.strip().splitlines()) == 1


def test_a_file_that_cannot_be_written_fails_the_inside(good: Path) -> None:
    done = inside(good, "--yk-cov-json", "none/cover.json")
    assert done.code == 1
    assert "写不进 none/cover.json" in done.text
    assert "Traceback" not in done.text


def test_workers_measure_what_one_process_measures(good: Path) -> None:
    one = inside(good, "--yk-cov-json", "one.json")
    many = run(
        good, "-p", "xdist.plugin", "-n", "2", "--yk-cov", "--yk-cov-json", "many.json", "--junitxml=o.xml"
    )
    assert (many.code, many.outcome) == (0, one.outcome)
    assert read(good / "many.json") == read(good / "one.json") != Cover()
    assert dict_of(many.cases()["建单"])["yk.place"] == "更名.yk.yaml:5"


def dict_of(case: ET.Element) -> dict[Any, Any]:
    """The properties of a test case."""
    return {one.get("name"): one.get("value") for one in case.iter("property")}


def test_the_order_of_the_tests_does_not_matter(good: Path, tmp_path: Path) -> None:
    turned = "import pytest\n@pytest.hookimpl(trylast=True)\ndef pytest_collection_modifyitems(items):\n    items.reverse()\n"
    (tmp_path / "turned.py").write_text(turned, encoding="utf-8")
    one = inside(good, "--yk-cov-json", "one.json")
    other = run(good, "-p", "turned", "--yk-cov-json", "other.json", PYTHONPATH=str(tmp_path))
    assert other.outcome == one.outcome
    assert json.loads((good / "other.json").read_bytes()) == json.loads((good / "one.json").read_bytes())


# -- that it harms nobody ------------------------------------------------------------------------------------
def test_a_run_without_scenarios_never_loads_the_engine(tmp_path: Path) -> None:
    seen = "import sys\ndef pytest_unconfigure():\n    print('loaded', *sorted(sys.modules), file=sys.__stderr__)\n"
    (project(tmp_path) / "conftest.py").write_text(seen, encoding="utf-8")
    done = run(tmp_path)
    assert done.code == 0
    loaded = next(line for line in done.text.splitlines() if line.startswith("loaded")).split()
    assert "yk.pytest_plugin" in loaded
    assert [
        name for name in loaded if name.split(".")[0] in ("statemachine", "yaml", "tinydb", "click")
    ] == []
    assert [name for name in loaded if name.startswith("yk.") and name != "yk.pytest_plugin"] == []


@pytest.fixture
def broken(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing of the scenario engine can be imported."""
    (tmp_path / "sitecustomize.py").write_text(BROKEN, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path)}


def test_a_broken_engine_breaks_no_ordinary_run(tmp_path: Path, broken: dict[str, str]) -> None:
    assert run(project(tmp_path / "p"), **broken).outcome == {"passed": 1}


def test_a_broken_engine_is_told_in_one_line_beside_tests_that_run(
    tmp_path: Path, broken: dict[str, str]
) -> None:
    folder = project(tmp_path / "p", 更名=SCENARIOS, _公共=SHARED)
    done = run(folder, "--continue-on-collection-errors", **broken)
    assert done.outcome == {"passed": 1, "error": 1}
    assert "yk 的场景引擎用不了：yk.scenario" in done.text
    assert "Traceback" not in done.text


def test_coverage_of_a_broken_engine_is_a_mistake_of_the_call(tmp_path: Path, broken: dict[str, str]) -> None:
    done = run(project(tmp_path / "p"), "--yk-cov", **broken)
    assert (done.code, done.text.count("\n")) == (pytest.ExitCode.USAGE_ERROR, 2)
    assert "用不了" in done.text


def test_only_pytest_and_the_standard_library_are_imported_with_the_plugin() -> None:
    tree = ast.parse(Path(pytest_plugin.__file__).read_text(encoding="utf-8"))
    names = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= {"pytest", *sys.stdlib_module_names}
