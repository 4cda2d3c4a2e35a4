"""The pytest plugin: `*.yk.yaml` files are tests, flows get coverage.

Only pytest's public interface is imported with this module, everything of yk where it is used: pytest loads the module
in every run of every project that has yk installed, and such a run must neither load the engine nor fail with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from yk.scenario.result import Result
    from yk.scenario.scenario import Scenario

SUFFIX = ".yk.yaml"
_COVER = "yk-cover"
"""Name of the coverage among the plugins of a run, and of what a worker of pytest-xdist hands over."""
_OWN_MARKS = frozenset({"skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings"})
"""Marks with a meaning of pytest's own; a tag of that name stays a word for `-k`."""
_STEPS = "stdout · yk 步骤"
"""Section of the report; the first word makes `junit_logging = system-out` write it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of coverage, and the switch of the whole."""
    group = parser.getgroup("yk", "yk 流程场景（*.yk.yaml）")
    group.addoption("--yk-cov", action="store_true", help="在最后列出流程覆盖")
    group.addoption("--yk-cov-html", metavar="FILE", help="把流程覆盖写成网页")
    group.addoption("--yk-cov-json", metavar="FILE", help="把流程覆盖写成 JSON，可与别次的合并")
    group.addoption(
        "--yk-cov-fail-under",
        action="append",
        default=[],
        metavar="DIM=PCT",
        help="某一维的覆盖不到百分之几就算失败，如 转移=100；可写多次",
    )
    parser.addini("yk_collect", "收集 *.yk.yaml 场景文件（默认 true）", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Measure coverage where some option asks for it."""
    if any(config.getoption(f"yk_cov{name}") for name in ("", "_html", "_json", "_fail_under")):
        try:
            config.pluginmanager.register(Coverage(config), _COVER)
        except Exception as error:
            if told := _told(error):
                raise pytest.UsageError(told) from None
            raise


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file of scenarios; one whose name begins with `_` is there to be included."""
    name = file_path.name
    if name.endswith(SUFFIX) and not name.startswith("_") and parent.config.getini("yk_collect"):
        file: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
        return file
    return None


class ScenarioFailed(Exception):
    """A scenario did not go as it says. Holds its `result`."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.title)
        self.result = result


class ScenarioFile(pytest.File):
    """A file of scenarios: one test for each, for every row of its examples."""

    def collect(self) -> Iterator[pytest.Item]:
        """The scenarios. Raises what `repr_failure` tells in a line: a mistake in the file, an engine that is broken."""
        from yk.scenario.reading import load
        from yk.text import plain

        for scenario in load(self.path, self.nodeid):
            name = plain(scenario.name).replace("::", ":")  # `::` parts node ids
            yield ScenarioItem.from_parent(self, name=name, scenario=scenario)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong, in one line with its place."""
        return _told(excinfo.value) or super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """One scenario. Its tags are marks, its id and flow words for `-k`; `result` is there once it was run."""

    def __init__(self, *, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scenario = scenario
        self.result: Result | None = None
        self.extra_keyword_matches |= {scenario.id, scenario.flow, *scenario.tags} - {""}
        for tag in scenario.tags:
            self._mark(tag)
        if scenario.skip:
            self.add_marker(pytest.mark.skip(reason=scenario.skip))
        if scenario.xfail:
            self.add_marker(pytest.mark.xfail(reason=scenario.xfail, strict=True, raises=ScenarioFailed))

    def _mark(self, tag: str) -> None:
        """Make a tag a mark, known to `--strict-markers`; not one that pytest could not take for a mark's name."""
        if tag in _OWN_MARKS or tag.startswith("_") or set(tag) & set(":("):
            return
        line = f"{tag}: 场景标签"
        if line not in self.config.getini("markers"):
            self.config.addinivalue_line("markers", line)
        self.add_marker(tag)

    def runtest(self) -> None:
        """Run the scenario. Raises ScenarioFailed."""
        from yk.scenario.junit import properties
        from yk.scenario.running import run_scenario
        from yk.scenario.telling import steps_told

        self.result = result = run_scenario(self.scenario)
        self.user_properties += properties(result)
        if result.skipped:
            pytest.skip(result.skipped)
        if not result.passed:
            raise ScenarioFailed(result)
        self.add_report_section("call", _STEPS, "\n".join(steps_told(result, _width(self.config))))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The scenario explained, the reason first; a traceback only of what no scenario can be blamed for."""
        return _told(excinfo.value, _width(self.config)) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line from 0, name."""
        return self.path, max(self.scenario.place.line - 1, 0), f"场景 {self.name}"


def _told(error: BaseException, width: int = 100) -> str:
    """What went wrong in words; '' for what is none of the mistakes one can expect."""
    if isinstance(error, ImportError):
        return f"yk 的场景引擎用不了：{error}"
    if isinstance(error, ScenarioFailed):
        from yk.scenario.telling import explain

        return "\n".join(explain(error.result, width))
    from yk.errors import YkError

    return "，".join(filter(None, [error.message, error.hint])) if isinstance(error, YkError) else ""


def _width(config: pytest.Config) -> int:
    """Cells of a line of a report; a worker of pytest-xdist has no terminal."""
    if config.pluginmanager.has_plugin("terminalreporter"):
        return min(max(config.get_terminal_writer().fullwidth, 80), 120)
    return 100


class Coverage:
    """What of the flows a run meets; under pytest-xdist each worker measures a part, which the main process merges."""

    def __init__(self, config: pytest.Config) -> None:
        from yk.scenario.cover import Cover, parse_gate

        self.config = config
        self.cover = Cover()
        self.gates = [parse_gate(word) for word in config.getoption("yk_cov_fail_under")]
        self.table, self.gaps = "", ""
        self.files: list[str] = []

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Note what a scenario met."""
        if isinstance(item, ScenarioItem) and item.result and not item.result.skipped:
            self.cover.add(item.scenario.ident, item.result.seen, item.scenario.flow)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker of pytest-xdist measured; one that crashed has nothing to hand over."""
        from yk.scenario.cover import Cover

        if part := getattr(node, "workeroutput", {}).get(_COVER):
            self.cover.merge(Cover.load(json.loads(part)))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over, as a worker; else write the reports and judge the gates."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput[_COVER] = json.dumps(self.cover.dump())
        elif not self.config.getoption("collectonly"):
            self._close()
            if self.gaps and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _close(self) -> None:
        from yk.errors import YkError
        from yk.files import write_atomic
        from yk.scenario import cover_table
        from yk.scenario.cover import save, unmet
        from yk.scenario.cover_html import page

        figures = self.cover.figures()
        self.table = cover_table.table(figures, _width(self.config)) if figures else "没有跑过场景\n"
        self.gaps = cover_table.gaps(unmet(figures, self.gates))
        if self.gates and not figures:
            self.gaps = "✗ 没有跑过场景，谈不上达到覆盖门槛\n"
        try:
            if path := self.config.getoption("yk_cov_html"):
                write_atomic(Path(path), page(self.cover).encode())
                self.files.append(path)
            if path := self.config.getoption("yk_cov_json"):
                save(self.cover, Path(path))
                self.files.append(path)
        except YkError as error:
            self.gaps += f"✗ {_told(error)}\n"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table, what fell short, what was written."""
        if self.config.getoption("yk_cov") or self.gaps or self.files:
            terminalreporter.section("yk 流程覆盖")
            if self.config.getoption("yk_cov"):
                terminalreporter.write(self.table)
            terminalreporter.write(self.gaps, red=True)
            for path in self.files:
                terminalreporter.write_line(f"已写 {path}")
