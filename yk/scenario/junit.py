"""Results as JUnit XML, the dialect that both Jenkins' xunit plugin (junit-10.xsd) and Ant (JUnit.xsd) take.

Neither lets a test case carry properties, only a suite; so every scenario is a suite of its own with one case.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath
from xml.etree import ElementTree as ET

from yk.clock import system_clock
from yk.files import write_atomic
from yk.scenario.result import Result
from yk.scenario.telling import explain, reason, steps_told

_SUFFIX = re.compile(r"\.yk\.ya?ml$")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""


def write(results: Sequence[Result], path: Path) -> None:
    """Write the results to a file. Raises UnreadableError (`cannot_write`)."""
    write_atomic(path, document(results))


def document(results: Sequence[Result], at: datetime | None = None) -> bytes:
    """The results as UTF-8 XML; `at` is when they were run (default: now)."""
    moment, host = f"{at or system_clock():%Y-%m-%dT%H:%M:%S}", platform.node() or "localhost"
    root = ET.Element("testsuites")
    for number, result in enumerate(results):
        root.append(_suite(result, {"id": str(number), "timestamp": moment, "hostname": _allowed(host)}))
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def properties(result: Result) -> list[tuple[str, str]]:
    """What reports know a run by: flow, number, place in the file, steps, virtual time at the end."""
    scenario = result.scenario
    return [
        ("yk.flow", scenario.flow),
        ("yk.id", scenario.id),
        ("yk.place", str(scenario.place)),
        ("yk.steps", " | ".join(f"{told.mark} {told.text}" for told in result.log)),
        ("yk.clock", result.clock),
    ]


def _suite(result: Result, run: dict[str, str]) -> ET.Element:
    """One scenario: a suite with its properties, one case, its steps as output."""
    file, seconds = result.scenario.place.file, f"{result.seconds:.3f}"
    parts = PurePath(_SUFFIX.sub("", file)).parts
    classname = ".".join(part for part in parts if part.strip("./"))
    passed_over = bool(result.skipped or (result.scenario.xfail and not result.failed))
    suite = ET.Element(
        "testsuite",
        {
            "name": _allowed(result.scenario.ident),
            "package": _allowed(classname),
            "tests": "1",
            "failures": str(int(result.failed)),
            "errors": "0",
            "skipped": str(int(passed_over)),
            "time": seconds,
            **run,
        },
    )
    holder = ET.SubElement(suite, "properties")
    for name, value in properties(result):
        ET.SubElement(holder, "property", name=name, value=_allowed(value))
    names = {"name": _allowed(result.scenario.name), "classname": _allowed(classname)}
    case = ET.SubElement(suite, "testcase", names, time=seconds)
    if result.failed:
        failure = ET.SubElement(case, "failure", type="yk.scenario", message=_allowed(reason(result)))
        failure.text = _allowed("\n".join(explain(result)))
    elif passed_over:
        ET.SubElement(case, "skipped", message=_allowed(reason(result)))
    ET.SubElement(suite, "system-out").text = _allowed("\n".join(steps_told(result)))
    ET.SubElement(suite, "system-err")
    return suite


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
