"""Random command lines, files and damage, a little of it: scripts/fuzz runs as much as one likes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from .conftest import Yk
from .fuzzing import Fuzzer

SEED = 20261123


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Fuzzer:
    return Fuzzer(SEED, tmp_path_factory.mktemp("fuzz"))


def test_no_command_line_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.lines(200)
    assert fuzzer.findings == []
    assert set(fuzzer.codes) >= {0, 2, 3, 4}


def test_no_input_file_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.files(30)
    assert fuzzer.findings == []


def test_no_damage_to_the_store_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.damage(10)
    assert fuzzer.findings == []


# -- what longer runs have found -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["customer", "list", "--limit", "9" * 30, "-q"], 0),
        (["case", "list", "--now", "9999-12-31"], 2),
        (["case", "open", "更名", "--customer", "1016000001", "--now", "0001-01-01"], 2),
        (["demo", "--now", "9999-12-31"], 2),
        (["case", "open", "更名", "--customer", "1016000001", "--set", "new_name=\udcff"], 2),
        (["operator", "add", "li", "--name", "\udcff", "--role", "approver"], 2),
        (["customer", "export", "-o", "a\0b"], 2),
        (["case", "list", "-o", "a\0b"], 2),
        (["customer", "import", "a\0b"], 2),
        (["case", "show", "\u202e123", "--json"], 2),
    ],
)
def test_nasty_words_are_told_in_a_line(demo: Yk, words: list[str], code: int) -> None:
    result = demo(*words)
    assert (result.code, "程序内部错误" in result.err + result.out) == (code, False)
    assert not {"\u202e", "\x00"} & set(result.out + result.err)


def test_output_to_a_device_leaves_the_device(demo: Yk) -> None:
    assert demo("case", "list", "-o", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_broken_inside_is_told(demo: Yk, part: str) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "customer"
    book.save("good.xlsx")
    with zipfile.ZipFile("good.xlsx") as good, zipfile.ZipFile("bad.xlsx", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"\xff\xfe<" if name == part else good.read(name))
    result = demo("customer", "import", "bad.xlsx")
    assert (result.code, "不是完好的 .xlsx 工作簿" in result.err) == (3, True)


def test_a_fault_over_a_damaged_store_is_the_stores(demo: Yk) -> None:
    demo("case", "open", "更名", "--customer", "1016000001")
    demo("store", "migrate", "a.json")
    content = Path("a.json").read_text(encoding="utf-8")
    Path("a.json").write_text(content.replace('"rule_set":', '"rule_seat":'), encoding="utf-8")
    result = demo("case", "list", "--store", "a.json", "--json")
    assert (result.code, result.json["error"]["code"]) == (3, "store_damaged")
    assert "yk store restore" in result.json["error"]["hint"]


def test_an_operator_that_cannot_be_read_is_told(demo: Yk) -> None:
    demo("store", "migrate", "a.json")
    content = Path("a.json").read_text(encoding="utf-8")
    Path("a.json").write_text(content.replace('"roles":', '"rolls":'), encoding="utf-8")
    assert demo("operator", "list", "--store", "a.json").code == 3
