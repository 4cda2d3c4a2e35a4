"""`yk batch` as it is typed."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Yk

CLOSING = "用户编号,拆表示数,销户原因\n1016000006,99999,拆迁\n1016000007,900,拆迁\n1016000009,90000,拆迁\n999,1,拆迁\n1016000009,90000,拆迁\n"
"""Two rows that go, one in arrears, one unknown, one twice."""
READY = CLOSING.splitlines()[0] + "\n1016000006,99999,拆迁\n1016000009,90000,拆迁\n"


@pytest.fixture
def office(yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """A demonstration store; writes a list and gives its name."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("YK_NOW", "2026-11-23T09:30")
    monkeypatch.setenv("YK_STORE", "sqlite:///t.db")
    assert yk("init", "--demo").code == 0

    def write(name: str, text: str) -> str:
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write


def dump(yk: Yk, name: str) -> bytes:
    assert yk("store", "dump", name).code == 0
    return Path(name).read_bytes()


def test_a_batch_from_its_list_to_its_end_and_back(yk: Yk, office: Callable[[str, str], str]) -> None:
    planned = yk("batch", "plan", "closure", "-f", office("a.csv", CLOSING), "--json")
    assert planned.code == 0
    answer = planned.json
    keys = ("batch", "kind", "file", "sha256", "rows", "ready", "blocked", "skipped", "changes")
    assert [answer[key] for key in keys[1:3]] == ["closure", "a.csv"]
    assert {key: answer[key] for key in keys[4:8]} == {"rows": 5, "ready": 2, "blocked": 2, "skipped": 1}
    batch = answer["batch"]
    row = yk("batch", "rows", batch, "--status", "blocked", "--json").json[0]
    assert (row["row"], row["customer"], row["status"]) == (2, "1016000007", "blocked")
    assert row["reasons"][0]["code"] == "batch_arrears"
    ready = yk("batch", "rows", batch, "--status", "可办", "--json").json[0]
    assert {"path": "customer/1016000006/status", "old": "0", "new": "9"} in ready["changes"]
    refused = yk("batch", "apply", batch, "--yes", "--json")
    assert refused.code == 4
    assert {reason["code"] for reason in refused.json["refused"]} == {"control_open"}
    assert yk("batch", "confirm", batch, "--all", "--json").json["open"] == 0
    done = yk("batch", "apply", batch, "--yes", "--json")
    assert done.code == 5, "rows were blocked"
    assert {key: done.json[key] for key in ("batch", "done", "failed", "skipped")} == {
        "batch": batch, "done": 2, "failed": 0, "skipped": 3,
    }  # fmt: skip
    assert "seconds" in done.json
    assert yk("customer", "show", "1016000006", "--json").json["status"] == "9"
    assert yk("batch", "status", batch, "--json").json["state"] == "applied"
    assert [one["batch"] for one in yk("batch", "list", "--json").json] == [batch]
    assert yk("case", "verify", batch).code == 0
    undone = yk("batch", "undo", batch, "--yes", "--json")
    assert (undone.code, undone.json["undone"]) == (0, 2)
    assert yk("customer", "show", "1016000006", "--json").json["status"] == "0"
    assert yk("store", "check").code == 0


def test_progress_and_talk_go_to_stderr(yk: Yk, office: Callable[[str, str], str]) -> None:
    office("a.csv", CLOSING.replace("销户原因", "销户原因,备注列"))
    planned = yk("batch", "plan", "closure", "-f", "a.csv", "--json", "--set", "basis_no=征收1号")
    assert planned.json["unknown_columns"] == ["备注列"]
    assert "不认识的列，没有用：备注列" in planned.err
    assert "5/5" in planned.err
    Path("b.csv").write_bytes(READY.encode("gb18030"))
    assert "GB18030" in yk("batch", "plan", "closure", "-f", "b.csv").err
    assert yk("batch", "plan", "closure", "-f", "b.csv", "-q").err == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("plan", "closing", "-f", "a.csv"), 2),
        (("plan", "closure", "-f", "none.csv"), 3),
        (("plan", "closure", "-f", "a.csv", "--set", "no_such=1"), 2),
        (("plan", "closure", "-f", "a.csv", "--set", "销户原因=x"), 2),
        (("plan", "closure", "-f", "a.csv", "--strict"), 5),
        (("plan", "closure", "-f", "a.csv", "--operator", "cashier"), 4),
        (("show", "012611230009"), 2),
        (("show", "abc"), 2),
        (("apply", "012611230009", "--yes"), 2),
        (("export", "012611230009", "-o", "x.pdf"), 2),
        (("template", "closure", "-o", "/none/x.xlsx"), 3),
    ],
)  # fmt: skip
def test_wrong_calls_say_so_in_a_line(
    yk: Yk, office: Callable[[str, str], str], words: tuple[str, ...], code: int
) -> None:
    office("a.csv", CLOSING)
    result = yk("batch", *words)
    assert result.code == code, result
    assert "Traceback" not in result.err
    if code in (2, 3):
        assert result.err.count("错误：") == 1
        assert result.out == ""


def test_apply_asks_before_it_writes(yk: Yk, office: Callable[[str, str], str]) -> None:
    batch = yk("batch", "plan", "closure", "-f", office("a.csv", READY), "--json").json["batch"]
    yk("batch", "confirm", batch, "--all")
    asked = yk("batch", "apply", batch)
    assert asked.code == 2
    assert "--yes" in asked.err
    assert yk("batch", "resume", batch).code == 2, "nothing to go on with"
    assert yk("batch", "apply", batch, "--yes").code == 0
    assert yk("batch", "apply", batch, "--yes").code == 0, "once more does nothing"


@pytest.mark.parametrize("what", ["plan", "confirm", "set", "strike", "apply", "undo"])
def test_a_dry_run_changes_no_byte(yk: Yk, office: Callable[[str, str], str], what: str) -> None:
    office("a.csv", READY)
    words = {
        "confirm": ("--all",), "set": ("basis_no=征收1号",), "strike": ("1016000006", "--reason", "不在范围"), "apply": ("--yes",),
        "undo": ("--yes",),
    }  # fmt: skip
    if what == "plan":
        before = dump(yk, "before.json")
        assert yk("batch", "plan", "closure", "-f", "a.csv", "--dry-run", "--json").json["ready"] == 2
    else:
        batch = yk("batch", "plan", "closure", "-f", "a.csv", "--json").json["batch"]
        if what in ("apply", "undo"):
            yk("batch", "confirm", batch, "--all")
        if what == "undo":
            yk("batch", "apply", batch, "--yes")
        before = dump(yk, "before.json")
        assert yk("batch", what, batch, *words[what], "--dry-run").code == 0
    assert dump(yk, "after.json") == before


def test_what_did_not_go_is_exported_and_planned_again(yk: Yk, office: Callable[[str, str], str]) -> None:
    office("a.csv", CLOSING.replace("拆迁\n999", "=1+1\n999"))
    batch = yk("batch", "plan", "closure", "-f", "a.csv", "--json").json["batch"]
    assert yk("batch", "export", batch, "-o", "left.xlsx").code == 0
    again = yk("batch", "plan", "closure", "-f", "left.xlsx", "--json")
    assert (again.code, again.json["sheet"], again.json["rows"]) == (0, "未办", 4)
    assert yk("batch", "export", batch, "-o", "all.csv").code == 0
    lines = list(csv.reader(io.StringIO(Path("all.csv").read_text("utf-8-sig"))))
    assert [line[2] for line in lines[1:4]] == ["拆迁", "拆迁", "'=1+1"]
    assert yk("batch", "plan", "closure", "-f", "all.csv", "--json").json["rows"] == 5
    from openpyxl import load_workbook

    cells = [cell for row in load_workbook("left.xlsx")["明细"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}


def test_a_template_of_every_kind_can_be_planned(yk: Yk, office: Callable[[str, str], str]) -> None:
    for kind in ("closure", "line-area", "lv-new"):
        assert yk("batch", "template", kind, "-o", f"{kind}.xlsx").code == 0
        assert yk("batch", "plan", kind, "-f", f"{kind}.xlsx", "--json").json["rows"] == 1
    names = [column["name"] for column in yk("batch", "template", "line-area", "--json").json]
    assert names[:4] == ["cons_no", "line_no", "tg_no", "basis"]


def test_fields_are_set_and_rows_struck(yk: Yk, office: Callable[[str, str], str]) -> None:
    batch = yk("batch", "plan", "closure", "-f", office("a.csv", READY), "--json").json["batch"]
    assert yk("batch", "set", batch, "基础=1").code == 2
    assert yk("batch", "set", batch, "basis_no=征收9号").code == 0
    form = {field["name"]: field for field in yk("batch", "show", batch, "--json").json["form"]}
    assert (form["basis_no"]["value"], form["basis_no"]["origin"]) == ("征收9号", "set")
    assert yk("batch", "strike", batch, "1016000006").code == 2, "no reason"
    assert yk("batch", "strike", batch, "row:9", "--reason", "x").code == 2
    assert yk("batch", "strike", batch, "row:1", "--reason", "仍在用电", "--operator", "approver").code == 0
    assert yk("batch", "status", batch, "--json").json["ready"] == 1
    items = yk("batch", "checklist", batch, "--json").json
    assert {item["kind"] for item in items} == {"control", "declaration", "field", "material"}
    assert yk("batch", "confirm", batch).code == 2


def test_an_interrupt_stops_at_a_chunk_and_resume_goes_on(yk: Yk, office: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    accounts = "".join(f"10160000{n:02},999999,拆迁\n" for n in range(3, 60))
    monkeypatch.setenv("YK_BATCH_CHUNK_ROWS", "1")
    batch = yk("batch", "plan", "closure", "-f", office("a.csv", CLOSING.splitlines()[0] + "\n" + accounts), "--json").json["batch"]  # fmt: skip
    yk("batch", "confirm", batch, "--all")
    ready = yk("batch", "status", batch, "--json").json["ready"]
    command = [sys.executable, "-m", "yk", "batch", "apply", batch, "--yes", "--json"]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert child.stderr is not None
    while "费用结清" not in (line := child.stderr.readline()) and line:
        pass
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    after = yk("batch", "status", batch, "--json").json
    if child.returncode == 130:
        assert "yk batch resume" in err
        assert 0 < after["ready"] <= ready
    assert yk("batch", "resume", batch).code == 5
    assert yk("batch", "status", batch, "--json").json["done"] == ready


def test_personal_data_of_new_households_is_masked(yk: Yk, office: Callable[[str, str], str]) -> None:
    office(
        "h.csv", "户名,用电地址,容量,新表资产号,移动电话\n安知行,示范市新批1室,8,970000000001,19900001234\n"
    )
    batch = yk("batch", "plan", "lv-new", "-f", "h.csv", "--json").json["batch"]
    assert "19900001234" not in yk("batch", "rows", batch, "--json").out
    assert "19900001234" in yk("batch", "rows", batch, "--json", "--unmasked").out
    assert yk("batch", "rows", batch, "--unmasked", "--operator", "surveyor").code in (0, 4)


@pytest.mark.parametrize(("name", "kind"), [("batch_closure", "closure"), ("batch_line_area", "line-area")])
def test_the_shell_scripts(yk: Yk, office: Callable[[str, str], str], name: str, kind: str) -> None:
    script = str(Path(__file__).parents[2] / "scripts" / name)
    text = (
        CLOSING
        if kind == "closure"
        else "户号,新线路,新台区,依据\n1016000013,L00001,TG000001,YJ1\n999,L00001,TG000001,YJ1\n"
    )
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [script, office("一 份.csv", text), "--yes"], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 5, done.stderr
    assert '"failed": 0' in done.stdout
    assert list(Path().glob("一 份.未办-*.csv"))
    assert subprocess.run(
        [script, "-h"], capture_output=True, text=True, env=env, check=True
    ).stdout.startswith("用法")
