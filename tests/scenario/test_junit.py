"""Results as JUnit XML: valid for Jenkins and for Ant, read back by a reader of JUnit files as it was written."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import junitparser
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from scenario.made import FILE, failed, known_to_fail, no_longer_failing, passed, scenario, skipped
from yk.errors import UnreadableError
from yk.scenario.junit import document, properties, write
from yk.scenario.result import DONE, Result, Told
from yk.scenario.scenario import Place

DATA = Path(__file__).with_name("data")
SCHEMAS = ["junit-10.xsd", "JUnit.xsd"]
"""Jenkins' xunit plugin (MIT) and Ant's by Windy Road (Apache 2.0), unchanged."""
EVERY = [passed(), failed(), skipped(), known_to_fail(), no_longer_failing()]


@cache
def schema(name: str) -> Any:
    """A schema, built once."""
    return xmlschema.XMLSchema(DATA / name)


def parsed(results: list[Result]) -> Any:
    """What `junitparser` makes of the results."""
    return junitparser.JUnitXml.fromroot(ET.fromstring(document(results)))  # noqa: S314 - our own


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_kind_of_result_is_valid(name: str) -> None:
    schema(name).validate(document(EVERY).decode())


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_results_are_a_valid_document_too(name: str) -> None:
    schema(name).validate(document([]).decode())


@pytest.mark.parametrize("name", SCHEMAS)
@given(st.text(), st.floats(0, 1e5))
def test_whatever_a_text_holds_the_document_is_valid(name: str, text: str, seconds: float) -> None:
    log = [Told(DONE, 1, text, Place(text, 1))]
    result = Result(scenario(text, id=text), passed=False, title=text, log=log, clock=text, seconds=seconds)
    schema(name).validate(document([result]).decode())


def test_a_reader_of_junit_files_counts_the_same() -> None:
    found = parsed(EVERY)
    found.update_statistics()
    assert (found.tests, found.failures, found.skipped, found.errors) == (5, 2, 2, 0)
    written = [(suite.tests, suite.failures, suite.skipped) for suite in parsed(EVERY)]
    assert [sum(counts) for counts in zip(*written, strict=True)] == [5, 2, 2]


def test_a_case_is_called_by_its_file_and_scenario() -> None:
    (suite,) = parsed([passed()])
    (case,) = suite
    assert (suite.name, case.classname, case.name) == (f"{FILE}::期望写错", "demo.坏例", "期望写错")


@pytest.mark.parametrize(
    ("file", "classname"),
    [("更名.yk.yaml", "更名"), ("/srv/a/更名.yk.yaml", "srv.a.更名"), ("../b/./更名.yk.yaml", "b.更名")],
)
def test_folders_are_packages(file: str, classname: str) -> None:
    ((case,),) = parsed([passed(place=Place(file, 1))])
    assert case.classname == classname


def test_seconds_have_three_decimals_and_add_up() -> None:
    root = ET.fromstring(document([passed(), failed()]))  # noqa: S314 - our own
    assert [suite.get("time") for suite in root] == ["0.214", "0.050"]
    assert [suite.get("time") for suite in root] == [case.get("time") for case in root.iter("testcase")]


def test_properties_name_flow_number_place_steps_and_clock() -> None:
    (suite,) = parsed([passed()])
    found = [(one.name, one.value) for one in suite.properties()]
    assert found == properties(passed())
    assert dict(found) == {
        "yk.flow": "rename",
        "yk.id": "X-1",
        "yk.place": f"{FILE}:6",
        "yk.steps": "⊘ 李婷 办理 业务受理 → 如期被拒：欠费未清 | ✓ 李婷 办理 业务受理 → 信息归档",
        "yk.clock": "2008-12-30T09:00:00+08:00",
    }


def test_a_failure_carries_its_reason_and_the_whole_explanation() -> None:
    ((case,),) = parsed([failed()])
    (failure,) = case.result
    assert failure.message == "结果有 4 处不符：状态 期望 合同变更 实际 业务受理"
    assert "银川雪花啤酒厂" in failure.text
    assert "Traceback" not in failure.text


def test_what_was_passed_over_says_why() -> None:
    reasons = [case.result[0].message for suite in parsed([skipped(), known_to_fail()]) for case in suite]
    assert reasons == ["跳过：等省公司口径", "已知缺陷：BUG-1 尚未修好"]


def test_a_defect_that_is_gone_fails() -> None:
    ((case,),) = parsed([no_longer_failing()])
    assert isinstance(case.result[0], junitparser.Failure)


def test_the_steps_of_a_scenario_that_passed_stand_in_the_output() -> None:
    (suite,) = ET.fromstring(document([passed()]))  # noqa: S314 - our own
    assert [line.split()[:2] for line in str(suite.findtext("system-out")).splitlines()] == [
        ["⊘", "1"],
        ["✓", "2"],
    ]


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    result = Result(scenario("a\x00b\ud800c\ufffed"), passed=False, title="<坏>&\x1b")
    ((case,),) = parsed([result])
    assert case.name == "a\ufffdb\ufffdc\ufffdd"
    assert case.result[0].message == "<坏>& "


def test_the_document_says_when_it_was_run() -> None:
    (suite,) = ET.fromstring(document([passed()], datetime(2026, 11, 29, 8, 5)))  # noqa: S314 - our own
    assert suite.get("timestamp") == "2026-11-29T08:05:00"


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "结果.xml"
    path.write_text("old", encoding="utf-8")
    write(EVERY, path)
    assert len(junitparser.JUnitXml.fromfile(str(path))) == 5
    assert [one.name for one in tmp_path.iterdir()] == ["结果.xml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="写不进"):
        write([], tmp_path / "none" / "x.xml")
