"""Running on the screen 数据稽核: the audit of everything, of a rule, of a customer; the queries of the themes."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yk.errors import Refused, YkError
from yk.screens.audit_places import Answer, Place
from yk.screens.dialogs import Choose
from yk.screens.shell import YkScreen
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.audit.running import Run
    from yk.desk import Desk
    from yk.screens.widgets.table import Table

Data = dict[str, Any]


class Running(YkScreen):
    """The part of the screen that runs audits; the others give where one is and the row under the cursor."""

    if TYPE_CHECKING:
        shown: Place | None
        powers: Mapping[str, str]

        @property
        def table(self) -> Table: ...

        @property
        def row(self) -> Data | None: ...

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Answer] = {}
        self.busy = ""
        """What is being run; '' when nothing is."""

    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        return f"{self.busy}还没有完，请稍等" if action == "run" and self.busy else ""

    async def do_run(self) -> None:
        """Choose what is asked of the archive, and ask it beside everything else."""
        options = self._themes() if self.shown and self.shown.view == "themes" else self._audits()
        chosen = await self.app.push_screen_wait(Choose("稽核", options))
        if chosen is None:
            return
        kind, _, word = chosen.partition(" ")
        if kind == "theme":
            self.ask_queries(word.split(" "))
        else:
            self._beside("稽核", lambda: self._audit(kind, word))

    def _audits(self) -> list[tuple[str, str, str]]:
        row = self.row or {}
        options = [
            ("daily", "日常核查", "全部规则查全部档案，如每日晚的抽取"),
            ("monthly", "月度核查", "同样查一遍，记作月度，由营销稽查专责组织"),
        ]
        if number := row.get("cons_no"):
            options.append((f"customer {number}", f"只查 {number} 这一户", "全部规则"))
        rule = row.get("rule", row["id"] if self.shown and self.shown.kind == "rules" and row else "")
        if rule:
            options.append((f"rule {rule}", f"只查 {rule} 这条规则", "全部档案"))
        return options

    def _themes(self) -> list[tuple[str, str, str]]:
        from yk.audit.themes import queries, themes

        every = list(queries().values())
        options = [("theme " + " ".join(q.id for q in every), f"全部主题  {len(every)} 条查询", "")]
        for theme in themes().values():
            own = [query.id for query in every if query.theme == theme.id]
            options.append((f"theme {' '.join(own)}", f"{theme.name}  {len(own)} 条查询", ""))
        return options

    def ask_queries(self, ids: Sequence[str], then: Callable[[], None] | None = None) -> None:
        """Ask queries of the archive, beside everything else; `then` when they have answered."""
        self._beside("查主题", lambda: self._ask(ids, then))

    def _beside(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` while the screen stays usable."""

        async def done() -> None:
            try:
                await work()
            except Refused as error:
                refusal = error
                start(self, lambda: self.refused(refusal, f"没有{what}"), "do")
            except YkError as error:
                self.tell_error(error)
            finally:
                self.busy = ""
                self.renew()

        self.busy = what
        self.tell(f"正在{what}")
        self.renew()
        start(self, done, "audit")

    async def _audit(self, kind: str, word: str) -> None:
        answer = await to_thread(self.yk.office.elsewhere, lambda desk: _run(desk, kind, word))
        self.app.clear_notifications()
        self.tell(f"{answer.findings} 个问题：新发现 {answer.new}，重现 {answer.back}，已消除 {answer.gone}")
        await self._reload()
        if self.shown is not None and self.shown.kind == "rules":
            self.table.cursor = 0  # what is worst comes first

    async def _ask(self, ids: Sequence[str], then: Callable[[], None] | None) -> None:
        found = await to_thread(self.yk.office.elsewhere, lambda desk: _answers(desk, ids))
        self.answers = self.answers | found
        self.app.clear_notifications()
        self.tell(f"查出 {sum(len(one.rows) for one in found.values())} 处")
        if then is not None:
            then()
        await self._reload()


def _run(desk: Desk, kind: str, word: str) -> Run:
    """A run of the audit: `daily`, `monthly`, of one `customer` or one `rule`. Raises UsageError, Refused."""
    from yk.audit.owners import require_role
    from yk.audit.rules import find_rule
    from yk.audit.running import run

    if kind == "monthly":
        require_role(desk.operator, "data_steward", "月度核查")
    chosen = [find_rule(word)] if kind == "rule" else None
    accounts = [word] if kind == "customer" else []
    named = kind if kind in ("daily", "monthly") else ""
    return run(
        desk.store, desk.clock, desk.settings, chosen, kind=named, accounts=accounts, by=desk.operator.id
    )


def _answers(desk: Desk, ids: Sequence[str]) -> dict[str, Answer]:
    """What queries answer now. Raises UsageError."""
    from yk.audit.asking import ask
    from yk.audit.themes import queries

    found: dict[str, list[Data]] = {ident: [] for ident in ids}
    for row in ask(desk.store, [queries()[ident] for ident in ids], desk.clock, desk.settings):
        own = found[row["query"]]
        own.append(row | {"id": str(len(own))})
    return {ident: Answer(desk.now(), rows) for ident, rows in found.items()}
