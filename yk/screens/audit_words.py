"""How the screen 数据稽核 says its lists: columns, what an empty list says, what stands above and below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from yk.audit.exempting import APPLIED, APPROVED
from yk.audit.rules import SEVERITIES, rules
from yk.audit.running import RUN_KINDS
from yk.audit.states import CLEARED, CORRECTED, OPEN, REOPENED, WHITELISTED
from yk.audit.themes import LEVELS, queries
from yk.screens.audit_places import VIEWS, VOID, Place, Seen, facet_name
from yk.screens.widgets.prose import Piece
from yk.screens.widgets.table import Column
from yk.screens.words import LAMPS, left_text, progress_bar

Data = dict[str, Any]
NEVER = "还没有稽核过，按 s 稽核"
UNITS = {
    "rules": "条",
    "findings": "个",
    "exemptions": "条",
    "extensions": "份",
    "orders": "张",
    "runs": "次",
    "queries": "条",
    "hits": "处",
}
"""What each kind of list is counted in."""
_EMPTY = {
    "rules": "没有符合的规则",
    "findings": "没有问题",
    "exemptions": "没有白名单。在问题上按 w 申请",
    "extensions": "没有延期申请。在问题上按 e 申请",
    "orders": "没有工单。在问题上按 n 办流程，按 b 批量修改；在主题上按 n 建任务",
    "runs": NEVER,
    "queries": "没有符合的查询",
    "hits": "没有查出",
}
_STATE_TONES = {REOPENED: "bad", CORRECTED: "warn", CLEARED: "good", WHITELISTED: "faint"}
_LEVEL_TONES = {"error": "bad", "warn": "warn", "info": ""}


def empty_text(seen: Seen) -> str:
    """What an empty list says."""
    place = seen.place
    if place.word or place.facet:
        return _EMPTY[place.kind] if place.kind in ("rules", "queries") else "没有符合的"
    return NEVER if seen.run is None and place.kind == "findings" and not place.inside else _EMPTY[place.kind]


def title_of(place: Place) -> str:
    """What stands above a list."""
    parts = [
        name_inside(place) or (VIEWS[place.view] if place.view != "rules" or place.facet else "全部规则")
    ]
    parts += [facet_name(place.facet)] if place.facet else []
    parts += [f"含「{place.word}」"] if place.word else []
    return "、".join(parts)


def name_inside(place: Place) -> str:
    """What was entered at a place, by name; '' at a pane."""
    if place.view == "rules" and place.inside in rules():
        return f"{place.inside} {rules()[place.inside].name}"
    if place.view == "themes" and place.inside in queries():
        return f"{place.inside} {queries()[place.inside].text}"
    return place.inside


def foot_of(seen: Seen, marked: int) -> str:
    """What stands below it."""
    unit = UNITS[seen.place.kind]
    more = f"，列出前 {len(seen.rows)}" if len(seen.rows) < seen.total else ""
    return f"共 {seen.total} {unit}{more}" + (f"，选中 {marked}" if marked else "")


def tiles(seen: Seen) -> list[Piece]:
    """The line of figures: rules, those that hold, findings, the last run."""
    run = seen.run
    if run is None:
        return [(f"规则 {seen.rules}", ""), ("通过 -", ""), ("问题 -", ""), ("没有稽核过", "warn")]
    return [
        (f"规则 {seen.rules}", ""),
        (f"通过 {seen.passed}", "good"),
        (f"问题 {seen.open}", "bad" if seen.open else "good"),
        (f"上次 {run['at'][5:16].replace('T', ' ')}", ""),
    ]


def columns(place: Place, marked: Callable[[str], bool], now: Callable[[], datetime]) -> list[Column]:
    """The columns of what is listed at a place. `marked`: is the row with this id marked? `now`: the clock."""
    made: Mapping[str, Callable[[], list[Column]]] = {
        "rules": _rule_columns,
        "findings": lambda: _finding_columns(place, marked, now),
        "exemptions": _exemption_columns,
        "extensions": _extension_columns,
        "orders": _order_columns,
        "runs": _run_columns,
        "queries": _query_columns,
        "hits": _hit_columns,
    }
    return made[place.kind]()


def _rule_columns() -> list[Column]:
    return [
        Column("规则", 8, lambda row: str(row["id"])),
        Column("内容", 20, lambda row: str(row["name"]), grow=1),
        Column("级别", 4, lambda row: (SEVERITIES[row["severity"]], _LEVEL_TONES[row["severity"]])),
        Column("逾期", 5, lambda row: (str(row["late"] or ""), "bad"), least=60, right=True),
        Column("问题", 5, lambda row: (str(row["count"] or ""), "bad"), right=True),
        Column(
            "",
            6,
            lambda row: (progress_bar(row["count"], row["most"]), "bad") if row["count"] else "",
            least=70,
        ),
    ]


def _finding_columns(
    place: Place, marked: Callable[[str], bool], now: Callable[[], datetime]
) -> list[Column]:
    def due(row: Data) -> tuple[str, str]:
        text = left_text(row["due_time"], now()).rpartition(" ")[0] if row["due_time"] else ""
        return text, LAMPS[row["lamp"]][2] if row["lamp"] not in ("", "green") else ""

    found = [
        Column("", 1, lambda row: ("☑", "accent") if marked(row["id"]) else " "),
        Column("", 1, lambda row: (LAMPS[row["lamp"]][0], LAMPS[row["lamp"]][2]) if row["lamp"] else " "),
        Column("规则", 8, lambda row: str(row["rule"])),
        Column("用户", 10, lambda row: str(row["cons_no"] or row["entity_id"])),
        Column("状态", 6, _finding_state),
        Column("问题", 10, lambda row: str(row["said"]), grow=1),
        Column("单位", 20, lambda row: str(row["unit"]), least=100),
        Column("期限", 5, lambda row: row["due"][5:], least=120),
        Column("还剩", 9, due, least=70),
    ]
    if place.view == "runs":
        found[-1] = Column("本次", 6, lambda row: _change(row["change"]))
    return found


def _finding_state(row: Data) -> tuple[str, str]:
    if row["denied"]:
        return "不属实", "warn"
    return str(row["state_name"]), _STATE_TONES.get(row["state"], "")


def _change(state: str) -> tuple[str, str]:
    """What a run did to a finding."""
    if state == CLEARED:
        return "已消除", "good"
    return ("重现", "bad") if state == REOPENED else ("新发现", "warn") if state in OPEN else ("逾期", "bad")


def _exemption_columns() -> list[Column]:
    return [
        Column("编号", 8, lambda row: str(row["id"])),
        Column("规则", 8, lambda row: str(row["rule"])),
        Column("用户", 10, lambda row: str(row["cons_no"])),
        Column("状态", 6, _application_state),
        Column("到", 10, lambda row: str(row["until"])),
        Column("申请", 8, lambda row: str(row["applicant"]), least=84),
        Column("理由", 8, lambda row: str(row["reason"]), grow=1),
    ]


def _extension_columns() -> list[Column]:
    return [
        Column("编号", 8, lambda row: str(row["id"])),
        Column("单位", 10, lambda row: str(row["unit"]), grow=1),
        Column("问题", 4, lambda row: str(row["count"]), right=True),
        Column("状态", 6, _application_state),
        Column("到", 10, lambda row: str(row["until"])),
        Column("申请", 8, lambda row: str(row["applicant"]), least=84),
        Column("理由", 8, lambda row: str(row["reason"]), grow=2),
    ]


def _application_state(row: Data) -> tuple[str, str]:
    if row["state_name"] == VOID:
        return VOID, "bad"
    return str(row["state_name"]), {APPLIED: "accent", APPROVED: "good"}.get(row["state"], "faint")


def _order_columns() -> list[Column]:
    return [
        Column("", 1, lambda row: (LAMPS[row["lamp"]][0], LAMPS[row["lamp"]][2]) if row["lamp"] else " "),
        Column("申请编号", 12, lambda row: str(row["case"])),
        Column("流程", 12, lambda row: str(row["flow_name"])),
        Column("内容", 10, lambda row: str(row["what"]), grow=1),
        Column("单位", 20, lambda row: str(row["unit"]), least=110),
        Column("环节", 12, lambda row: str(row["step"])),
        Column("问题", 4, lambda row: str(row["findings"] or ""), least=70, right=True),
    ]


def _run_columns() -> list[Column]:
    return [
        Column("稽核", 8, lambda row: str(row["id"])),
        Column("时间", 11, lambda row: row["at"][5:16].replace("T", " "), grow=1),
        Column("种类", 4, lambda row: RUN_KINDS.get(row["kind"], "")),
        Column("规则", 4, lambda row: str(row["rules"]), least=70, right=True),
        Column("通过", 4, lambda row: str(row["passed"]), right=True),
        Column("问题", 6, lambda row: (str(row["findings"]), "bad" if row["findings"] else ""), right=True),
        Column("户数", 6, lambda row: str(row["customers"]), least=70, right=True),
        Column("新发现", 6, lambda row: (str(row["new"] or ""), "warn"), right=True),
        Column("重现", 4, lambda row: (str(row["back"] or ""), "bad"), right=True),
        Column("已消除", 6, lambda row: (str(row["gone"] or ""), "good"), right=True),
    ]


def _query_columns() -> list[Column]:
    return [
        Column("编号", 5, lambda row: str(row["id"])),
        Column("主题", 22, lambda row: str(row["theme_name"]), least=100),
        Column("查什么", 20, lambda row: str(row["text"]), grow=1),
        Column("级别", 4, lambda row: (LEVELS[row["level"]], _LEVEL_TONES[row["level"]])),
        Column(
            "查出",
            5,
            lambda row: ("" if row["count"] is None else str(row["count"]), "bad" if row["count"] else ""),
            right=True,
        ),
    ]


def _hit_columns() -> list[Column]:
    return [
        Column("用户", 10, lambda row: str(row["cons_no"] or "")),
        Column("记录", 12, lambda row: str(row["entity_id"]), least=60),
        Column("查出", 20, lambda row: row["said"].partition("：")[2], grow=1),
    ]
