"""`yk case`: what people see, dry runs that leave nothing, words taken as they are meant, two clerks at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from yk.cli.words import LAMPS, OPINIONS, STATUSES
from yk.deadlines.limits import GREEN, RED, YELLOW
from yk.desk.order import STATUS_NAMES
from yk.desk.views import OPINION_NAMES
from yk.flows.compile import OPINIONS as MOVES
from yk.text import cell_len

from .conftest import Yk

CASE = "012611230001"
LONG = "示范" * 100
PERSONAL = ("91990001000000000K", "13800001111", "19900000001")


@pytest.fixture
def opened(demo: Yk) -> Yk:
    """A store with one work order at its first step, its form half filled."""
    words = [
        "--set",
        "new_name=示范新里电气有限公司",
        "--set",
        "mobile=13800001111",
        "--set",
        "contact_remark=" + LONG,
    ]
    assert demo("case", "open", "更名", "--customer", "1016000001", *words).code == 0
    return demo


# -- what people see -----------------------------------------------------------------------------------

PAGES: list[list[str]] = [
    ["case", "list"],
    ["case", "show", CASE],
    ["case", "show", CASE, "--format", "md"],
    ["case", "checklist", CASE],
    ["case", "checklist", CASE, "--format", "md"],
    ["case", "log", CASE],
    ["case", "verify", CASE],
    ["case", "send", CASE],
    ["case", "suspend", CASE, "--reason", LONG],
    ["case", "run", CASE, "--confirm-all", "--fill"],
]


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_people_read_no_english_words(opened: Yk, words: list[str]) -> None:
    result = opened(*words)
    ids = r"（\w+）|YXZY[\w.-]*|yk case \S+.*|^ +\w+$|^\| \w+ "
    english = set(re.findall(r"(?<![\w-])[a-z]{3,}(?![\w-])", re.sub(ids, "", result.out, flags=re.M)))
    assert english <= {"trainer", "archivist"}, english


@pytest.mark.parametrize("words", [w for w in PAGES if "--format" not in w and "list" not in w], ids=" ".join)
def test_pages_fit_80_cells(opened: Yk, words: list[str]) -> None:
    lines = opened(*words).out.splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []


def test_a_list_shows_lamps_and_short_deadlines_in_chinese(opened: Yk) -> None:
    line = opened("case", "list").out.splitlines()[2]
    assert re.split(r"\s{2,}", line)[4:] == ["在办", "业务受理", "11-24 17:30", "绿"]
    assert opened("case", "list", "--now", "2026-11-24T10:00").out.rstrip().endswith("黄")
    assert opened("case", "list", "--now", "2027-01-04").out.rstrip().endswith("2026-11-24 17:30  红")


def test_a_list_says_its_number_and_goes_to_a_file(opened: Yk) -> None:
    opened("case", "open", "更名", "--customer", "1016000008")
    assert "只列出前 1 条" in opened("case", "list", "--limit", "1").err
    assert opened("case", "list", "--format", "csv", "-o", "a.csv") == (0, "", "已写入 a.csv\n")
    assert Path("a.csv").read_text(encoding="utf-8").startswith("case,flow,flow_name,")


@pytest.mark.parametrize(
    "words", [["show"], ["log"], ["print", "--doc", "application"]], ids=lambda words: words[0]
)
@pytest.mark.parametrize("fmt", ["", "json"])
def test_personal_data_is_masked_unless_a_role_asks(opened: Yk, words: list[str], fmt: str) -> None:
    command = ["case", words[0], CASE, *words[1:], *(["--json"] if fmt else [])]
    shown = opened(*command, "--operator", "approver")
    assert not [number for number in PERSONAL if number in shown.out]
    whole = opened(*command, "--unmasked", "--operator", "acceptance_clerk").out
    assert (words == ["log"] and not fmt) or "13800001111" in whole  # the log's page has no values at all
    assert opened(*command, "--unmasked", "--operator", "approver").code == 4


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "--store", "yk.db", "--now", "2026-11-24T10:00", "-q", "case", "list"],
        ["case", "--store=yk.db", "list", "-q", "--now=2026-11-24T10:00", "--format", "json"],
        ["case", "list", "--json", "--now", "2026-11-24T10:00", "--store", "yk.db", "--quiet"],
    ],
)
def test_global_options_stand_before_or_after(
    opened: Yk, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("YK_STORE", "none.db")
    result = opened(*words)
    assert (result.code, result.err, result.json[0]["lamp"]) == (0, "", "yellow")


@pytest.mark.parametrize("fmt", ["table", "csv", "json", "jsonl", "md"])
@pytest.mark.parametrize(
    "words",
    [
        ["case", "list"],
        ["case", "show", CASE],
        ["case", "checklist", CASE],
        ["case", "log", CASE],
        ["case", "verify", CASE],
        ["customer", "list"],
        ["customer", "show", "1016000001"],
        ["line", "list"],
        ["area", "list"],
        ["operator", "list"],
        ["operator", "roles"],
    ],
    ids=" ".join,
)
def test_reading_commands_print_every_format_and_the_same_to_a_file(
    opened: Yk, words: list[str], fmt: str
) -> None:
    result = opened(*words, "--format", fmt)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("\n")
    assert opened(*words, "--format", fmt, "-o", "out").out == ""
    assert Path("out").read_bytes() == result.out.encode()
    if fmt == "json":
        assert result.json
    elif fmt == "jsonl":
        assert all(json.loads(line) for line in result.out.splitlines())


# -- words taken as they are meant -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["０１２６１１２３０００１", " 012611230001", "0126 1123 0001", "0126-1123-0001"]
)
def test_a_case_number_may_be_typed_loosely(opened: Yk, number: str) -> None:
    assert opened("case", "show", number, "--json").json["case"] == CASE


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--lamp", "绿"], 1),
        (["--lamp", "绿灯"], 1),
        (["--lamp", "RED"], 0),
        (["--status", "在办"], 1),
        (["--status", "已办结"], 0),
        (["--customer", "１０１６０００００１"], 1),
        (["--customer", "1016000002"], 0),
        (["--flow", "gm"], 1),
        (["--flow", "334"], 1),
        (["--mine", "--operator", "acceptance_clerk"], 1),
        (["--mine", "--operator", "archivist"], 0),
    ],
)
def test_a_list_is_filtered_by_words_of_either_language(opened: Yk, words: list[str], count: int) -> None:
    assert len(opened("case", "list", *words, "--json").json) == count


def test_the_words_are_those_of_the_desk() -> None:
    assert STATUSES == STATUS_NAMES
    assert set(LAMPS) == {RED, YELLOW, GREEN}
    assert set(OPINIONS) == set(MOVES)
    assert OPINIONS == OPINION_NAMES


@pytest.mark.parametrize("pair", ["新用户名=甲", "新用户名＝甲", "new_name=甲", " new_name =甲"])
def test_a_field_may_be_named_in_either_language(opened: Yk, pair: str) -> None:
    opened("case", "set", CASE, pair)
    assert opened("case", "show", CASE, "--json").json["data"]["new_name"] == "甲"


def test_an_empty_value_empties_a_field(opened: Yk) -> None:
    assert opened("case", "set", CASE, "new_name=").code == 0
    assert "new_name" not in opened("case", "show", CASE, "--json").json["data"]


def test_a_form_file_keeps_what_is_written(opened: Yk) -> None:
    Path("a.yaml").write_text(
        "办公电话: 0571234567\n申请方式: 01\n新用户名: 1.50\n印章: ~\n", encoding="utf-8"
    )
    assert opened("case", "set", CASE, "--data", "a.yaml").code == 0
    data = opened("case", "show", CASE, "--json").json["data"]
    assert (data["office_phone"], data["app_mode"], data["new_name"]) == ("0571234567", "01", "1.50")


@pytest.mark.parametrize("step", ["data_archiving", "信息归档", "更名信息归档", "YXZY-YY-336"])
def test_a_step_may_be_named_in_four_ways(opened: Yk, step: str) -> None:
    assert (
        opened("case", "run", CASE, "--confirm-all", "--fill", "--until", step, "--json").json["at"][0][
            "step"
        ]
        == "data_archiving"
    )


@pytest.mark.parametrize(
    "control", ["2.R1.C3", "2.r1.c3", "２．Ｒ１．Ｃ３", "YXZY-YY-334.2.R1.C3", "yxzy-yy-334.2.r1.c3"]
)
def test_a_control_may_be_named_loosely(opened: Yk, control: str) -> None:
    assert opened("case", "confirm", CASE, control).out.startswith(f"工单 {CASE} 已确认 1 条\n")
    assert opened("case", "show", CASE, "--json").json["checks"].keys() == {"YXZY-YY-334.2.R1.C3"}


def test_confirming_all_says_how_many_and_is_marked(opened: Yk) -> None:
    first = opened("case", "confirm", CASE, "--all").out
    assert re.match(rf"工单 {CASE} 已确认 \d+ 条\n", first)
    assert "没有待答的措施" in opened("case", "confirm", CASE, "--all").out
    checks = opened("case", "show", CASE, "--json").json["checks"]
    assert all(answer["bulk"] for answer in checks.values())
    assert opened("case", "log", CASE, "--json").json[1]["bulk"] is True


def test_a_handed_in_file_is_noted_by_name_size_and_hash(opened: Yk) -> None:
    Path("营业执照.pdf").write_bytes(b"pdf")
    assert (
        "已收 单位主体证明（M03）"
        in opened("case", "attach", CASE, "单位主体证明", "--file", "营业执照.pdf").out
    )
    handed = opened("case", "show", CASE, "--json").json["materials"]["M03"]
    assert (handed["file"], handed["bytes"], handed["sha256"][:8]) == ("营业执照.pdf", 3, "c35b21d6")
    assert "M03 单位主体证明  已收  营业执照.pdf" in opened("case", "show", CASE).out
