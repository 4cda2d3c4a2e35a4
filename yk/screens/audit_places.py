"""Where one can be on the screen 数据稽核: its panes, what each lists, by what a list is filtered, and what was read there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from yk.archive.codes import name_of
from yk.audit.rules import LISTS, SEVERITIES
from yk.audit.running import RUN_KINDS
from yk.audit.states import STATES
from yk.audit.themes import LEVELS, themes

Data = dict[str, Any]
VIEWS = {
    "rules": "规则",
    "todo": "待办",
    "late": "逾期",
    "mine": "我的",
    "whitelist": "白名单",
    "extend": "延期",
    "orders": "工单",
    "runs": "历次",
    "themes": "主题",
}
"""The panes in their order."""
KINDS = {
    "rules": "rules",
    "whitelist": "exemptions",
    "extend": "extensions",
    "orders": "orders",
    "runs": "runs",
    "themes": "queries",
}
"""What a pane lists where it is not findings."""
VOID = "失效"
"""What a whitelist entry is that was granted and does not cover its finding (any more)."""
FACETS: Mapping[str, Mapping[str, str]] = {
    "rules": {"open": "问题", "list": "表", "severity": "级别", "centre": "中心", "division": "专业"},
    "findings": {"state": "状态", "severity": "级别", "org_no": "单位", "centre": "中心", "division": "专业"},
    "exemptions": {"state_name": "状态", "division": "专业"},
    "extensions": {"state_name": "状态", "org_no": "单位"},
    "orders": {"flow_name": "流程", "status_name": "状态", "org_no": "单位"},
    "runs": {"kind": "种类"},
    "queries": {"theme": "主题", "level": "级别", "division": "专业"},
    "hits": {},
}
"""By what each kind of list can be filtered: field -> what it is called."""
_FINDINGS, _APPLICATIONS = ("findings",), ("exemptions", "extensions")
KEYS_FOR: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("assign", "verify", "correct", "exempt", "extend", "flow", "repair", "mark", "all"), _FINDINGS
    ),
    **dict.fromkeys(("approve", "reject"), _APPLICATIONS),
    "withdraw": ("exemptions",),
    "task": ("queries", "hits"),
    "order": ("findings", "orders"),
    "customer": ("findings", "exemptions", "orders", "hits"),
}
"""What a key is for: action -> the kinds of list where it does something; actions that are not here do so everywhere."""
_KINDS_TOLD = {
    "findings": "问题",
    "exemptions": "白名单",
    "extensions": "延期",
    "orders": "工单",
    "queries": "主题",
    "hits": "查出结果",
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "open": {"yes": "有问题的", "no": "没有问题的"},
    "list": LISTS,
    "severity": SEVERITIES,
    "state": STATES,
    "kind": RUN_KINDS,
    "level": LEVELS,
}


class Place(NamedTuple):
    """Where one is: the pane, what was entered there ('' for the pane itself), the filter `field:value`, the words to find."""

    view: str = "rules"
    inside: str = ""
    facet: str = ""
    word: str = ""

    @property
    def kind(self) -> str:
        """What is listed here: rules, findings, exemptions, extensions, orders, runs, queries, hits."""
        if self.inside:
            return "hits" if self.view == "themes" else "findings"
        return KINDS.get(self.view, "findings")


def why_not_here(action: str, kind: str) -> str:
    """Why an action does nothing in a list of this kind; '' when it may do something."""
    kinds = KEYS_FOR.get(action, (kind,))
    return "" if kind in kinds else f"用在{'、'.join(_KINDS_TOLD[one] for one in kinds)}的清单里"


class Answer(NamedTuple):
    """What a query of the themes has answered, and when."""

    at: str
    rows: Sequence[Data]


class Seen(NamedTuple):
    """A list as it is shown at `place`: the first `MOST` of `total` rows; the counts on the panes; how many rules there are
    and hold, how many findings are open; the last run; why an operator of these roles may not do something, by action."""

    place: Place
    rows: list[Data]
    total: int
    counts: Mapping[str, int]
    rules: int
    passed: int
    open: int
    run: Data | None
    powers: Mapping[str, str]


def facet_name(facet: str) -> str:
    """What a filter leaves, in words."""
    field, _, value = facet.partition(":")
    if field == "org_no":
        return name_of("org", value) if value else "没有单位"
    if field == "theme":
        return themes()[value].name
    return _NAMES.get(field, {}).get(value, value) or "没有写"
