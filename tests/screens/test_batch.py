"""批量: from the list of a clerk to the result and back, by keys alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batches import Office, closing, connecting, moving, n
from openpyxl import Workbook
from textual.pilot import Pilot

from screens.driving import app_on, played, press, screen_text, settle, shown, type_in
from yk.batch import applying
from yk.screens.app import YkApp
from yk.screens.batch import BatchScreen
from yk.screens.batch_rows import KEPT, PAGE, RowPages, RowTable

HEAD = "用户编号,拆表示数,销户原因"
ENGLISH = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture
def office() -> Office:
    """The small office."""
    return Office()


def app_of(office: Office, **place: str) -> YkApp:
    return app_on(office.store, office.clock, office.settings, screen="batch", **place)


def screen_of(pilot: Pilot[None]) -> BatchScreen:
    assert isinstance(pilot.app, YkApp)
    screen = pilot.app.here
    assert isinstance(screen, BatchScreen)
    return screen


def text_of(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, YkApp)
    return shown(pilot.app)


def listing(folder: Path, *accounts: str, name: str = "销户.csv", reading: int = 150) -> Path:
    """A list of accounts to be closed, as a clerk saves it."""
    path = folder / name
    path.write_text("\n".join([HEAD, *(f"{no},{reading},拆迁" for no in accounts)]), encoding="utf-8")
    return path


async def plan(pilot: Pilot[None], path: Path, kind: str = "批量销户") -> None:
    """A new batch of this kind from this file."""
    await press(pilot, "n")
    await type_in(pilot, kind)
    await press(pilot, "enter")
    await type_in(pilot, str(path))
    await press(pilot, "enter")
    await settle(pilot)


async def confirm_all(pilot: Pilot[None]) -> None:
    """Confirm everything on the checklist, and close it."""
    await press(pilot, "k", "a", "enter", "escape")


async def with_number(pilot: Pilot[None], key: str) -> None:
    """A key that asks for the batch's number, and the number."""
    number = screen_of(pilot).number
    await press(pilot, key)
    await type_in(pilot, number)
    await press(pilot, "enter")
    await settle(pilot)


# -- from the list to the result and back --------------------------------------------------------------------
def test_accounts_are_closed_from_a_list_and_opened_again(office: Office, tmp_path: Path) -> None:
    office.owes(n(3))
    path = listing(tmp_path, n(1), n(2), n(3))

    async def play(pilot: Pilot[None]) -> None:
        await plan(pilot, path)
        assert "批量 › 批量销户 012611230001" in text_of(pilot)
        assert "❯ 3 试算差异" in text_of(pilot)
        assert "可办 2" in text_of(pilot)
        assert "欠费 42.50 元" in text_of(pilot)
        await confirm_all(pilot)
        assert "还差确认 0" in text_of(pilot)
        await with_number(pilot, "a")
        assert "✓ 5 结果" in text_of(pilot)
        assert "已办 2" in text_of(pilot)
        assert n(1) not in text_of(pilot), "the result shows what did not go"
        assert n(3) in text_of(pilot)
        assert office.get("customer", n(1))["status"] == "9"
        await with_number(pilot, "ctrl+z")
        assert "已撤销 2" in text_of(pilot)
        assert office.get("customer", n(1))["status"] == "0"
        await press(pilot, "escape")
        assert "已撤销" in text_of(pilot)
        assert "批量 ›" not in text_of(pilot)

    played(app_of(office), play)


def test_what_did_not_go_is_exported_and_planned_again(office: Office, tmp_path: Path) -> None:
    office.owes(n(2))
    batch = office.carry_out("closure", closing(1, 2))
    target = tmp_path / "跟催.xlsx"

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "e", "ctrl+u")
        await type_in(pilot, str(target))
        await press(pilot, "enter")
        await settle(pilot)
        assert target.exists()
        office.put("receivable", rcv_id=f"R{n(2)}", cons_no=n(2), ym=202610, amount=42.5, paid=42.5)
        await press(pilot, "n")
        await type_in(pilot, "批量销户")
        await press(pilot, "enter")
        await type_in(pilot, str(target))
        await press(pilot, "enter")
        await type_in(pilot, "未办")
        await press(pilot, "enter")
        await settle(pilot)
        assert screen_of(pilot).number != batch
        assert office.counts(screen_of(pilot).number) == {"ready": 1}

    played(app_of(office, batch=batch), play)


def test_accounts_are_moved_to_another_line(office: Office) -> None:
    batch = office.plan("line-area", moving(1, 2))

    async def play(pilot: Pilot[None]) -> None:
        assert "线路 L00001 ▸ L00005" in text_of(pilot)
        await confirm_all(pilot)
        await with_number(pilot, "a")
        assert "已办 2" in text_of(pilot)
        assert office.get("power_source", f"PS{n(1)}1")["line_id"] == "L00005"

    played(app_of(office, batch=batch), play, (120, 40))


def test_an_estate_is_connected_after_its_form_is_filled(office: Office) -> None:
    batch = office.connect(connecting(1))

    async def play(pilot: Pilot[None]) -> None:
        assert "示范户1" in text_of(pilot)
        await confirm_all(pilot)
        await with_number(pilot, "a")
        assert "已办 1" in text_of(pilot)

    played(app_of(office, batch=batch), play)


# -- deciding ------------------------------------------------------------------------------------------------
def test_nothing_is_applied_before_it_is_confirmed(office: Office) -> None:
    batch = office.plan("closure", closing(1))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        assert "不能执行" in text_of(pilot)
        assert "未确认" in text_of(pilot)
        await press(pilot, "escape")
        assert office.counts(batch) == {"ready": 1}

    played(app_of(office, batch=batch), play)


def test_measures_are_confirmed_one_by_one(office: Office) -> None:
    batch = office.plan("closure", closing(1))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "k")
        before = int(re.findall(r"还差 (\d+) 项", text_of(pilot))[0])
        await press(pilot, "space", "minus")
        await type_in(pilot, "线上受理")
        await press(pilot, "enter")
        assert f"还差 {before - 2} 项" in text_of(pilot)
        answers = office.doc(batch)["confirmed"].values()
        assert sorted((a["state"], a.get("reason", "")) for a in answers) == [
            ("done", ""),
            ("na", "线上受理"),
        ]

    played(app_of(office, batch=batch), play)


def test_a_field_and_a_paper_are_given_on_the_checklist(office: Office) -> None:
    batch = office.plan("lv-new", connecting(1))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "k", "enter")
        await type_in(pilot, "示范物业有限公司")
        await press(pilot, "enter")
        assert office.doc(batch)["set"]["new_name"] == "示范物业有限公司"
        assert "用户名：示范物业有限公司" in text_of(pilot)
        await press(pilot, "o")
        await type_in(pilot, "用电申请书")
        await press(pilot, "enter", "enter")
        assert "M01" in office.desk().get(batch).materials

    played(app_of(office, batch=batch), play)


def test_a_row_is_struck_out_with_its_reason(office: Office) -> None:
    batch = office.plan("closure", closing(1, 2))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "s")
        await type_in(pilot, "仍在用电")
        await press(pilot, "enter")
        assert "可办 1" in text_of(pilot)
        assert "仍在用电" in text_of(pilot)
        await press(pilot, "s")
        assert "先选一行可办的" in text_of(pilot)

    played(app_of(office, batch=batch), play)


# -- stopping and going on -------------------------------------------------------------------------------------
@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Applying waits behind its second row until this is set."""
    opened, real = threading.Event(), applying.apply

    def slowly(desk: Any, batch: str, stop: bool = False) -> Iterator[Any]:
        for at in real(desk, batch, stop):
            yield at
            if at.rows == 2 and not at.said:
                opened.wait(10)

    monkeypatch.setattr(applying, "apply", slowly)
    yield opened
    opened.set()


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    for _ in range(500):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not come")


def test_a_run_is_stopped_and_gone_on_with(gate: threading.Event) -> None:
    office = Office(batch_chunk_rows=1)
    batch = office.plan("closure", closing(1, 2, 3, 4))

    async def play(pilot: Pilot[None]) -> None:
        screen = screen_of(pilot)
        await confirm_all(pilot)
        await press(pilot, "a")
        await type_in(pilot, batch)
        await pilot.press("enter")
        await until(pilot, lambda: screen.going is not None and screen.going.at is not None)
        await until(pilot, lambda: "50%" in text_of(pilot))
        await pilot.press("c")
        run = screen.going
        assert run is not None
        assert run.stop.is_set()
        gate.set()
        await settle(pilot)
        assert "停下了" in text_of(pilot)
        assert office.counts(batch) == {"ready": 1, "done": 3}
        assert "❯ 4 执行" in text_of(pilot)
        assert "a 接着办" in screen_text(screen.yk)[-1]
        await with_number(pilot, "a")
        assert office.counts(batch) == {"done": 4}
        assert "✓ 5 结果" in text_of(pilot)

    played(app_of(office, batch=batch), play)


def test_rows_that_were_changed_since_stay_and_are_told(office: Office) -> None:
    batch = office.carry_out("closure", closing(1, 2))
    office.put("customer", cons_no=n(2), cons_name="后来改的")
    office.put("customer", cons_no=n(2), contract_cap=5.0)

    async def play(pilot: Pilot[None]) -> None:
        await with_number(pilot, "ctrl+z")
        assert "没撤销 1" in text_of(pilot)
        assert n(1) not in text_of(pilot)
        await press(pilot, "enter")
        assert "又改过" in text_of(pilot)

    played(app_of(office, batch=batch), play)


def test_another_screen_can_be_opened_while_a_batch_runs(gate: threading.Event) -> None:
    office = Office(batch_chunk_rows=1)
    batch = office.plan("closure", closing(1, 2, 3))

    async def play(pilot: Pilot[None]) -> None:
        screen = screen_of(pilot)
        await confirm_all(pilot)
        await press(pilot, "a")
        await type_in(pilot, batch)
        await pilot.press("enter")
        await until(pilot, lambda: screen.going is not None)
        await pilot.press("1")
        assert screen.yk.here is not screen
        gate.set()
        await settle(pilot)
        assert office.counts(batch) == {"done": 3}
        await press(pilot, "6")
        assert "执行完成" in text_of(pilot)

    played(app_of(office, batch=batch), play)


def test_what_another_process_does_to_the_batch_shows(office: Office) -> None:
    batch = office.plan("closure", closing(1, 2))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "down")
        office.confirm(batch)
        list(applying.apply(office.desk(), batch))
        screen_of(pilot).store_changed(object())
        await settle(pilot)
        assert "✓ 已办" in text_of(pilot)
        assert screen_of(pilot).row is not None
        assert screen_of(pilot).row["customer"] == n(2)

    played(app_of(office, batch=batch), play)


# -- reading ---------------------------------------------------------------------------------------------------
def test_rows_are_filtered_and_found(office: Office) -> None:
    office.owes(n(2))
    batch = office.plan("closure", closing(1, 2, 3))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "f")
        await type_in(pilot, "不能办")
        await press(pilot, "enter")
        assert n(2) in text_of(pilot)
        assert n(1) not in text_of(pilot)
        await press(pilot, "escape", "slash")
        await type_in(pilot, n(3))
        await press(pilot, "enter")
        assert n(3) in text_of(pilot)
        assert n(1) not in text_of(pilot)
        await press(pilot, "escape")
        assert n(1) in text_of(pilot)
        assert screen_of(pilot).row is not None
        assert screen_of(pilot).row["customer"] == n(3), "the cursor stays on its row"

    played(app_of(office, batch=batch), play)


def test_a_row_tells_everything_wide_and_narrow(office: Office) -> None:
    batch = office.plan("closure", closing(1))

    async def wide(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "客户状态 正常用电客户 ▸ 已销户客户" in text_of(pilot))
        assert not ENGLISH.findall(text_of(pilot))

    async def narrow(pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        assert "客户状态 正常用电客户 ▸ 已销户客户" in text_of(pilot)
        await press(pilot, "escape", "i")
        assert "改动 14 处" in text_of(pilot)
        assert not ENGLISH.findall(text_of(pilot))

    played(app_of(office, batch=batch), wide, (120, 40))
    played(app_of(office, batch=batch), narrow)


def test_what_the_reader_of_a_list_noticed_is_told(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_text(f"{HEAD},随便\n{n(1)},150,拆迁,甲\n", encoding="gb18030")

    async def play(pilot: Pilot[None]) -> None:
        await plan(pilot, path)
        assert "按 GB18030 读" in text_of(pilot)
        assert "随便" in text_of(pilot)

    played(app_of(office), play)


def test_a_list_that_cannot_be_read_says_why(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "错.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")

    async def play(pilot: Pilot[None]) -> None:
        await plan(pilot, path)
        assert "没有办完" in text_of(pilot)
        assert "没有表头" in text_of(pilot)

    played(app_of(office), play)


def test_the_sheet_of_a_workbook_is_asked_for(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("八月")
    for row in (HEAD.split(","), [n(1), 150, "拆迁"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")

    async def play(pilot: Pilot[None]) -> None:
        await plan(pilot, tmp_path / "a.xlsx")
        await type_in(pilot, "八月")
        await press(pilot, "enter")
        await settle(pilot)
        assert "可办 1" in text_of(pilot)

    played(app_of(office), play)


def test_an_empty_list_is_written(office: Office, tmp_path: Path) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "t", "enter", "ctrl+u")
        await type_in(pilot, str(tmp_path / "空.csv"))
        await press(pilot, "enter")
        await settle(pilot)
        assert "用户编号" in (tmp_path / "空.csv").read_text(encoding="utf-8-sig")

    played(app_of(office), play)


# -- the chooser of files ----------------------------------------------------------------------------------------
def test_a_file_is_chosen_by_walking_through_folders(office: Office, tmp_path: Path) -> None:
    (tmp_path / "甲" / "乙").mkdir(parents=True)
    listing(tmp_path / "甲", n(1))

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "n", "enter")
        await type_in(pilot, f"{tmp_path}/甲/乙/")
        await press(pilot, "up", "enter")
        assert "销户.csv" in text_of(pilot), "the folder above"
        await press(pilot, "backspace")
        assert "甲" in text_of(pilot)
        await type_in(pilot, "甲")
        await press(pilot, "tab")
        assert "销户.csv" in text_of(pilot)
        await press(pilot, "down", "down", "enter")
        await settle(pilot)
        assert "可办 1" in text_of(pilot)

    played(app_of(office), play)


# -- many rows ---------------------------------------------------------------------------------------------------
def test_of_many_rows_only_those_looked_at_are_kept() -> None:
    pages = RowPages(range(1, 100_001))
    assert len(pages) == 100_000
    assert pages[99_999] == {"row": 100_000}
    assert list(pages.wanted) == [999]
    for page in range(50):
        pages.put(page, [{"row": number, "status": "ready"} for number in pages.page(page)])
    assert sum("status" in pages[page * PAGE] for page in range(50)) == KEPT
    assert pages.place_of(4321) == 4320


def test_the_end_of_a_long_list_is_read_when_one_goes_there(office: Office) -> None:
    batch = office.plan("closure", closing(*({"cons_no": f"{i:010}"} for i in range(1, 451))))

    async def play(pilot: Pilot[None]) -> None:
        table = screen_of(pilot).query_one(RowTable)
        await press(pilot, "end")
        await settle(pilot)
        assert "0000000450" in text_of(pilot)
        assert len([one for one in range(5) if "status" in table.pages[one * PAGE]]) < 5

    played(app_of(office, batch=batch), play)
