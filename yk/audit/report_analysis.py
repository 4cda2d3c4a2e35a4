"""What each centre makes of a month's findings: what is most, what came back, why, and what to do (第十一条 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from yk.archive.workbooks import Row
from yk.audit.owners import BILLING_CENTRE, names_of
from yk.audit.report_parts import Column, Section, Table, number
from yk.audit.rules import rules
from yk.audit.scoring import Counts, Figures, Tally, corrected, unit_name

_MOST = 8
"""So many rules of a centre are analysed."""
_NAMED = 3


T = TypeVar("T")


class Measure(NamedTuple):
    """What a centre should do about a rule's findings: a draft from the rule's own cause and remedy."""

    rule: str
    tally: Tally
    text: str


def analysis(told: Figures) -> Section:
    """The section, a part a centre."""
    words = [
        "各中心按分工统计、归类、分析，提出整改措施报市场营销部；各单位也要查原因、定措施（第十一条 1）。"
        "下面是按数据拟的稿：原因、办法取自规则，由中心核定后上报。"
    ]
    return Section("各中心分析和整改措施", words, parts=[_centre(told, name) for name in names_of("centre")])


def measures(told: Figures, centre: str) -> list[Measure]:
    """The rules of a centre with the most open or extracted defects, and a measure for each."""
    found = [
        (rule, tally)
        for (whose, rule), tally in told.by["centre_rule"].items()
        if whose == centre and _weight(tally)
    ]
    found.sort(key=lambda one: (-_weight(one[1]), one[0]))
    return [Measure(rule, tally, _measure(rule, tally)) for rule, tally in without_twins(found)]


def _weight(tally: Tally) -> int:
    """What comes first: left over, then come back, then the rest."""
    return (
        4 * tally.counts["left"] + 2 * tally.counts["back"] + tally.counts["extracted"] + tally.counts["open"]
    )


def without_twins(found: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Of rules with the same predicate the first."""
    told: set[str] = set()
    for rule, what in found:
        if rule not in told:
            yield rule, what
            told.update(rules()[rule].same_as)


def _measure(rule: str, tally: Tally) -> str:
    counts = tally.counts
    said = [
        f"在册 {counts['open']} 处，渠道：{rules()[rule].via}" if counts["open"] else "已全部订正，防止再发"
    ]
    if counts["left"]:
        said.append(f"其中遗留 {counts['left']} 处，督促责任单位限期完成")
    if counts["back"]:
        said.append(f"重现 {counts['back']} 处，先堵住来源再订正")
    if counts["failed"]:
        said.append(f"{counts['failed']} 次报了订正而复核未过，逐户指导")
    return "；".join(said)


def _centre(told: Figures, centre: str) -> Section:
    counts, whole = told.by["centre"][centre].counts, told.all.counts["extracted"]
    found, copies = measures(told, centre), _copies(told, centre)
    if not found:
        return Section(centre, ["本月没有要跟踪的问题。" if copies else "本月没有问题。"], copies)
    share = f"，占全部的 {round(counts['extracted'] * 100 / whole)}%" if whole else ""
    words = [
        f"本月抽取 {counts['extracted']} 个{share}，订正 {corrected(counts)} 个，期末在册 {counts['open']} 个，遗留 {counts['left']} 个，重现 {counts['back']} 个。"
    ]
    points = [
        f"{label}：{'、'.join(named)}"
        for label, named in (
            ("抽取最多的规则", _most(told, centre, "rule", "extracted")),
            ("抽取最多的单位", _most(told, centre, "unit", "extracted")),
            ("遗留最多的单位", _most(told, centre, "unit", "left")),
            ("重现的规则", _most(told, centre, "rule", "back")),
        )
        if named
    ]
    columns = (
        Column("规则号"), Column("规则名称", 40), number("抽取"), number("在册"), number("遗留"), number("重现"),
        Column("可能的原因", 36), Column("怎么改", 36), Column("拟采取的措施", 50),
    )  # fmt: skip
    lines: list[Row] = [
        (one.rule, rules()[one.rule].name, *(one.tally.counts[n] for n in ("extracted", "open", "left", "back")),
         rules()[one.rule].cause, rules()[one.rule].fix, one.text)
        for one in found[:_MOST]
    ]  # fmt: skip
    return Section(centre, words, [*points, *copies], Table(f"{centre}措施", columns, lines))


def _copies(told: Figures, centre: str) -> list[str]:
    """What the centre gets copies of: findings of rules that money depends on, which another centre tracks (附注 2)."""
    if centre != BILLING_CENTRE:
        return []
    by_rule: dict[str, Counts] = {}
    for (whose, rule), tally in told.by["centre_rule"].items():
        if whose != centre and rules()[rule].billing and _weight(tally):
            by_rule.setdefault(rule, Counts()).update(tally.counts)
    if not by_rule:
        return []
    whole = sum(by_rule.values(), Counts())
    most = sorted(by_rule, key=lambda rule: (-by_rule[rule]["extracted"] - by_rule[rule]["open"], rule))
    named = [f"{rule} {rules()[rule].name}" for rule, _ in without_twins((rule, None) for rule in most)]
    return [
        f"抄送（电费相关的规则，由其他中心跟踪，不算本中心的，附注 2）：抽取 {whole['extracted']} 个，订正 "
        f"{corrected(whole)} 个，期末在册 {whole['open']} 个，遗留 {whole['left']} 个；最多的规则：{'、'.join(named[:_NAMED])}"
    ]


def _most(told: Figures, centre: str, what: str, name: str) -> list[str]:
    """The rules or units of a centre with the most of something, each with its number."""
    found = [
        (key, tally.counts[name])
        for (whose, key), tally in told.by[f"centre_{what}"].items()
        if whose == centre and tally.counts[name]
    ]
    found.sort(key=lambda one: (-one[1], one[0]))
    if what == "rule":
        return [f"{key} {rules()[key].name}（{count}）" for key, count in list(without_twins(found))[:_NAMED]]
    return [f"{unit_name(key)}（{count}）" for key, count in found[:_NAMED]]
