"""数据稽核: the rules with what they found, the findings of a rule, a run."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from yk.errors import YkError
from yk.screens.shell import YkScreen
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Prose, folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.words import progress_bar
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
VIEWS = {"all": "全部规则", "open": "有问题的", "dayi": "大一", "xiaoqi": "小七"}
"""What the list of rules can show."""
MOST = 500
"""So many findings of a rule are listed."""
NEVER = "还没有稽核过，按 s 稽核"


class Seen(NamedTuple):
    """The rules with their open findings, and the last run (None before the first)."""

    rules: list[Data]
    run: Data | None


def seen(desk: Desk) -> Seen:
    """What the screen shows."""
    from yk.audit.looking import last_run, open_by_rule
    from yk.audit.rules import LISTS, SEVERITIES, rules

    counts = open_by_rule(desk.store)
    lines = [
        {
            "id": rule.id,
            "name": rule.name,
            "list": rule.list,
            "list_name": LISTS[rule.list],
            "severity": rule.severity,
            "severity_name": SEVERITIES[rule.severity],
            "centre": rule.centre,
            "count": counts.get(rule.id, 0),
        }
        for rule in rules().values()
    ]
    return Seen(sorted(lines, key=lambda one: -one["count"]), last_run(desk.store))


class Findings(Rows):
    """Findings: account, what is wrong with its values, what to do."""

    def drawn(self, row: Data, width: int) -> list[Line]:
        head = f" {row['cons_no'] or row['entity_id']} {row['state_name']}"
        lines: list[Line] = [[(head + (f"（第 {row['times']} 次）" if row["times"] > 1 else ""), "bold")]]
        lines += [[(line, "")] for line in folded(row["said"], width - 1, "   ")]
        return lines + [
            [(line, "faint")] for line in folded(f"{row['fix']}（{row['via']}）", width - 1, "   ")
        ]


class AuditScreen(YkScreen):
    """The audit."""

    ID = "audit"
    CSS_PATH = "audit.tcss"
    ABOUT = "130 条数据质量规则，各有多少问题；右边是选中规则的问题，回车 看那一户。"
    BINDINGS = [
        Binding("s", "do('run')", "稽核", id="audit.run", tooltip="全部规则查一遍档案"),
        Binding("f", "do('view')", "筛选", id="audit.view", tooltip="全部、有问题的、大一、小七"),
        Binding("slash", "find", "查找", id="audit.find", tooltip="按编号、内容、中心筛选规则"),
        Binding("tab", "other", "换栏", id="audit.other", tooltip="规则和问题之间来回"),
        Binding("c", "do('customer')", "档案", id="audit.customer", tooltip="选中问题的那一户"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rules: list[Data] = []
        self._view, self._find, self._chosen = "all", "", ""

    def body(self) -> ComposeResult:
        with Horizontal(id="tiles"):
            for name in ("rules", "passed", "findings", "when"):
                yield Prose(id=f"tile-{name}", classes="tile")
        with Horizontal(id="main"):
            with Vertical(classes="card", id="list"):
                yield Table(self._columns(), "没有符合的规则", id="rules")
            yield Findings("没有问题", id="findings", classes="card")
        yield FindLine("输入规则编号、内容或中心")

    def _columns(self) -> list[Column]:
        return [
            Column("规则", 8, lambda row: str(row["id"])),
            Column("内容", 20, lambda row: str(row["name"]), grow=1),
            Column(
                "级别", 6, lambda row: (row["severity_name"], "bad" if row["severity"] == "error" else "warn")
            ),
            Column("问题", 6, lambda row: (str(row["count"] or ""), "bad"), right=True),
            Column("", 6, self._share, least=70),
        ]

    def _share(self, row: Data) -> tuple[str, str]:
        most = max((one["count"] for one in self._rules), default=0)
        return (progress_bar(row["count"], most) if row["count"] else "", "bad")

    def on_mount(self) -> None:
        """The cursor is on the rules."""
        self.query_one("#findings", Rows).key = lambda row: row["finding"]
        self.query_one(Table).focus()
        super().on_mount()

    # -- content -----------------------------------------------------------------------------------------
    def load(self, desk: Desk) -> Seen:
        return seen(desk)

    def show(self, found: Seen) -> None:
        self._rules, run = found
        total = sum(one["count"] for one in self._rules)
        broken = sum(bool(one["count"]) for one in self._rules)
        self.query_one("#tile-rules", Prose).say(f"规则 {len(self._rules)}")
        self.query_one("#tile-passed", Prose).say(
            (f"通过 {len(self._rules) - broken}", "good") if run else "通过 -"
        )
        self.query_one("#tile-findings", Prose).say(
            (f"问题 {total}", "bad" if total else "good") if run else "问题 -"
        )
        self.query_one("#tile-when", Prose).say(
            f"上次 {run['at'][5:16].replace('T', ' ')}" if run else "没有稽核过"
        )
        self._filter()
        if run is None:
            self.query_one(Findings).empty = NEVER

    def _filter(self) -> None:
        words = halfwidth(self._find).casefold().split()
        found = [one for one in self._rules if self._wanted(one) and _has(one, words)]
        self.query_one(Table).show(found)
        title = VIEWS[self._view] + (f"、含「{self._find}」" if self._find else "")
        entitle(self.query_one("#list"), title, f"共 {len(found)} 条")

    def _wanted(self, one: Data) -> bool:
        if self._view == "open":
            return bool(one["count"])
        return self._view == "all" or bool(one["list"] == self._view)

    @on(Rows.Highlighted, "#rules")
    def _highlighted(self, event: Rows.Highlighted) -> None:
        rule = event.row["id"] if event.row else ""
        if rule:
            self._chosen = rule
            start(self, lambda: self._read(rule), "findings", alone=True)

    async def _read(self, rule: str) -> None:
        found = await self.attempt(lambda desk: _findings(desk, rule))
        if found is not None and rule == self._chosen:
            pane = self.query_one(Findings)
            pane.show(found)
            entitle(pane, rule, f"{len(found)} 个问题" if found else "")
            self.renew()

    def path(self) -> str:
        return "数据稽核"

    # -- keys ----------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        row = self.query_one(Findings).row
        return "先选一个有用户的问题" if action == "customer" and not (row and row["cons_no"]) else ""

    async def do_run(self) -> None:
        """Run the audit in a thread of its own."""
        from yk.audit.running import run

        self.tell("正在稽核")
        try:
            answer = await to_thread(
                self.yk.office.elsewhere, lambda desk: run(desk.store, desk.clock, desk.settings)
            )
        except YkError as error:
            self.tell_error(error)
            return
        self.app.clear_notifications()
        self.tell(f"{answer.findings} 个问题：新发现 {answer.new}，重现 {answer.back}，已消除 {answer.gone}")
        await self._reload()
        self.query_one(Table).cursor = 0  # what is worst comes first

    async def do_view(self) -> None:
        """Choose what the list shows."""
        from yk.screens.dialogs import Choose

        options = [(name, label, "") for name, label in VIEWS.items()]
        if chosen := await self.app.push_screen_wait(Choose("列出哪些规则", options, chosen=self._view)):
            self._view = chosen
            self._filter()

    async def do_customer(self) -> None:
        """The archive of the account of a finding."""
        await self.yk.open_screen("customer", customer=self.query_one(Findings).row["cons_no"])

    @on(Rows.Selected, "#findings")
    def _selected(self) -> None:
        self.action_do("customer")

    @on(Rows.Selected, "#rules")
    def _entered(self) -> None:
        self.action_other()

    def action_other(self) -> None:
        """From the rules to the findings and back; on a narrow screen the one in front."""
        reading = not self.has_class("reading")
        self.set_class(reading, "reading")
        self.query_one("#findings" if reading else "#rules").focus()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._find = event.value.strip()
        self._filter()

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self.query_one(FindLine).close()
        self.query_one(Table).focus()

    def action_leave(self) -> None:
        """First the filter goes, then the findings, then the screen."""
        find = self.query_one(FindLine)
        if find.is_open or self._find:
            find.close(empty=True)
            self.query_one(Table).focus()
        elif self.has_class("reading"):
            self.action_other()
        elif self._view != "all":
            self._view = "all"
            self._filter()
        else:
            super().action_leave()


def _has(one: Data, words: list[str]) -> bool:
    text = f"{one['id']} {one['name']} {one['centre']} {one['list_name']}".casefold()
    return all(word in text for word in words)


def _findings(desk: Desk, rule: str) -> list[Data]:
    from itertools import islice

    from yk.audit.looking import findings

    return list(islice(findings(desk.store, rule=rule, only_open=True), MOST))
