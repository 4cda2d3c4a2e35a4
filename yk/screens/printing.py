"""Printing a form of a work order: which one, where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from yk.screens.dialogs import AskText, Choose

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.shell import YkScreen


async def print_form(screen: YkScreen, case: str) -> None:
    """Ask which form and which file; write it as a page to print."""
    from yk.desk.forms import FORMS

    options = [(name, title, "") for name, (title, _) in FORMS.items()]
    form = await screen.app.push_screen_wait(Choose("打印哪张单据", options))
    if not form:
        return
    title = FORMS[form][0]
    suggested = str(Path.cwd() / f"{case}-{title}.html")
    name = await screen.app.push_screen_wait(
        AskText(f"打印{title}", "写到哪个文件（网页，可打印）：", suggested)
    )
    if name:
        target = Path(name).expanduser()
        await screen.attempt(lambda desk: _write(desk, case, form, target), f"已写入 {target}", "没有打印")


def _write(desk: Desk, case: str, form: str, target: Path) -> bool:
    from yk.desk import forms
    from yk.files import write_atomic

    text = forms.render(desk, desk.get(case), form, False)
    write_atomic(target, forms.as_page(forms.FORMS[form][0], text).encode())
    return True
