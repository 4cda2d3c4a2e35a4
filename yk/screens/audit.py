"""数据稽核: the rules, what they found and what became of it; what was asked for and granted; runs and themes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll

from yk.screens.audit_looking import Looking
from yk.screens.audit_places import VIEWS, why_not_here
from yk.screens.audit_words import name_inside
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.table import Table
from yk.screens.widgets.tabs import YkTabs

TILES = 4


class AuditScreen(Looking):
    """The audit."""

    ID = "audit"
    CSS_PATH = "audit.tcss"
    ABOUT = (
        "130 条数据质量规则，各有多少问题，和问题的一生：派发、核实、订正、消除；白名单和延期由两人办。"
        "[ ] 换栏，回车 深入一层，esc 退回。☑ 选中；灯：✗ 红灯逾期，! 黄灯今天到期，▪ 绿灯。"
    )
    BINDINGS = [
        Binding("a", "do('assign')", "派发", id="audit.assign", tooltip="派给供电单位或它的人去订正"),
        Binding("v", "do('verify')", "核实", id="audit.verify", tooltip="登记属实或不属实，写明查了什么"),
        Binding("d", "do('correct')", "订正", id="audit.correct", tooltip="报订正，当场按规则复核，对的消除"),
        Binding("w", "do('exempt')", "白名单", id="audit.exempt", tooltip="申请列入白名单，写明理由和期限"),
        Binding("e", "do('extend')", "延期", id="audit.extend", tooltip="申请延期，写明到哪一天和理由"),
        Binding("n", "do('flow')", "办流程", id="audit.flow", tooltip="办业务流程来订正，问题挂上新工单"),
        Binding("b", "do('repair')", "批量", id="audit.repair", tooltip="批量修改：试算、封存清单、登记申请"),
        Binding("n", "do('task')", "建任务", id="audit.task", tooltip="用这条查询查出的建营销稽查任务"),
        Binding("y", "do('approve')", "批准", id="audit.approve", tooltip="批准这份申请，不能是申请人"),
        Binding("x", "do('reject')", "不批", id="audit.reject", tooltip="不批准这份申请，写明理由"),
        Binding("u", "do('withdraw')", "撤回", id="audit.withdraw", tooltip="撤回白名单，问题重新打开"),
        Binding("right_square_bracket", "pane(1)", "下一栏", id="audit.next", tooltip="规则、待办到主题九栏"),
        Binding("left_square_bracket", "pane(-1)", "上一栏", show=False, id="audit.previous", tooltip="上一栏"),
        Binding("s", "do('run')", "稽核", id="audit.run", tooltip="日常、月度，只查一户或一条规则；或查主题"),
        Binding("f", "do('filter')", "筛选", id="audit.filter", tooltip="按状态、级别、单位、中心、专业"),
        Binding("slash", "find", "查找", id="audit.find", tooltip="按编号、户号、内容、单位"),
        Binding("space", "do('mark')", "选中", id="audit.mark", tooltip="选中几个一起办，再按取消"),
        Binding("asterisk", "do('all')", "全选", id="audit.all", tooltip="选中列出的全部；有选中的就都取消"),
        Binding("c", "do('customer')", "档案", id="audit.customer", tooltip="这一户的档案"),
        Binding("o", "do('order')", "工单", id="audit.order", tooltip="打开订正这个问题的工单"),
        Binding("r", "do('report')", "报表", id="audit.report", tooltip="日报、月报，发布当日整改情况"),
        Binding("tab", "other", "换边", show=False, id="audit.other", tooltip="清单和详情之间来回"),
    ]  # fmt: skip

    def body(self) -> ComposeResult:
        with Horizontal(id="tiles"):
            for number in range(TILES):
                yield Prose(id=f"tile-{number}", classes="tile")
        yield YkTabs()
        with Horizontal(id="main"):
            with Vertical(classes="card", id="list"):
                yield Table((), id="rows")
            with VerticalScroll(classes="card", id="detail"):
                yield Facts()
        yield FindLine("输入编号、户号、内容、单位")

    def on_mount(self) -> None:
        """The cursor is on the list."""
        entitle(self.query_one("#detail"), "详情")
        self.show_panes()
        self.table.focus()
        super().on_mount()

    def path(self) -> str:
        view = "" if self.going.view == "rules" else VIEWS[self.going.view]
        return " › ".join(filter(None, ("数据稽核", view, name_inside(self.going))))

    def why_not(self, action: str) -> str:
        if why := why_not_here(action, self.going.kind):
            return why
        if action == "filter" and self.shown is not None:
            return "" if self.can_filter() else "这里没有可筛选的"
        return super().why_not(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for findings are there where findings are listed, those for applications where these are."""
        return action != "do" or not why_not_here(str(parameters[0]), self.going.kind)

    def action_leave(self) -> None:
        """First the words go, then the row in full, the filter, what was entered, then the screen."""
        line = self.query_one(FindLine)
        if line.is_open or self.going.word:
            self.close_find()
            self.table.focus()
            self.go(self.going._replace(word=""))
        elif self.maximized is None and self.reading:
            self.action_other()
        elif self.going.facet:
            self.go(self.going._replace(facet=""))
        elif self.going.inside:
            self.leave_inside()
        else:
            super().action_leave()
