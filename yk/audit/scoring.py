"""Figures and scores of spans of days, by unit, centre, division, rule and kind of data (第十一、十二条): one reading of the
findings, counters and nothing else in memory.

`counts` takes every finding as it is; `distinct` a defect that rules of several numbers find once (附件2-1 的重复项).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import name_of
from yk.audit.occurrences import CORRECTIONS, Span, happened
from yk.audit.owners import names_of
from yk.audit.reading import opened
from yk.audit.rules import KINDS, rules, tables, twins
from yk.audit.states import OPEN
from yk.settings import Setting, Settings
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
Counts = Counter[str]
NO_UNIT = "（没有单位）"
BY = {"unit": "供电单位", "centre": "中心", "division": "专业", "rule": "规则", "kind": "数据类别"}
_POINTS = ("left", "late", "back")
"""What takes points off a score."""
_BY_RULE = ("rule", "centre_rule")
"""Groups in which nothing is under two numbers."""
_FINEST = ("org_no", "centre", "division", "rule", "entity", "severity")
"""What of a finding the groups are made of."""
_INFERRED = (
    *("audit_score_full", *(f"audit_score_{name}" for name in _POINTS)),
    *("audit_error_weight", "audit_warn_weight", "audit_due_days", "audit_extension_days", "audit_exemption_days"),
)  # fmt: skip


class Tally:
    """Counters by the names of `occurrences.COUNTS`; `points`: distinct ones weighted by severity."""

    def __init__(self) -> None:
        self.counts, self.distinct, self.points = Counts(), Counts(), Counts()

    def add(self, counts: Counts, distinct: Counts, weight: int) -> None:
        """Add what was counted; a distinct one has so many points."""
        for name, count in counts.items():
            self.counts[name] += count
        for name, count in distinct.items():
            self.distinct[name] += count
            self.points[name] += count * weight


class Figures:
    """The figures of one span: `by[group][key]`, the groups those of BY and `all`, `severity`, `centre_rule`,
    `centre_unit` (keys of two); `by_day` counts what came and went; `accounts` by unit, as they are when it is counted; `retired`: findings of rules that
    are in force no more, which count nowhere else."""

    def __init__(self, span: Span, accounts: Mapping[str, int]) -> None:
        self.span, self.accounts = span, accounts
        self.by: dict[str, dict[Any, Tally]] = defaultdict(lambda: defaultdict(Tally))
        self.by_day: dict[str, Counts] = defaultdict(Counts)
        self.retired = 0

    @property
    def all(self) -> Tally:
        """Everything together."""
        return self.by["all"][""]

    @property
    def all_accounts(self) -> int:
        """How many accounts there are."""
        return sum(self.accounts.values())


Lookup = Callable[[list[str]], Iterable[Mapping[str, Any]]]
"""The findings with these ids, those that are there."""


def figures(
    store: Store, spans: Sequence[Span], settings: Settings, today: str, unit: str = ""
) -> list[Figures]:
    """The figures of each span, of the whole store or of one supply unit (a code)."""
    table = store.table("finding")
    wanted = [Comparison("org_no", "=", (unit,))] if unit else []
    with store.reading():
        numbers = {org: count for org, count in accounts(store).items() if not unit or org == unit}
        found = (doc for _, doc in table.find(wanted))
        return counted(found, spans, numbers, settings, today, lambda ids: table.get(doc_ids=ids))


def counted(
    findings: Iterable[Mapping[str, Any]],
    spans: Sequence[Span],
    accounts: Mapping[str, int],
    settings: Settings,
    today: str,
    lookup: Lookup,
) -> list[Figures]:
    """The figures of each span over `findings`, each looked at once; `accounts` by unit."""
    told = [_Counting(Figures(span, accounts), today, lookup) for span in spans]
    for doc in findings:
        for one in told:
            if touches(doc, one.figures.span):
                one.take(doc)
    weights = {name: settings.integer(f"audit_{name}_weight") for name in ("error", "warn")}
    return [one.closed(weights) for one in told]


class _Counting:
    """Counts by unit, centre, division, rule, entity and severity at once, the groups when all are counted."""

    def __init__(self, figures: Figures, today: str, lookup: Lookup) -> None:
        self.figures, self.today, self.lookup = figures, today, lookup
        self._finest: dict[tuple[str, ...], tuple[Counts, Counts]] = defaultdict(lambda: (Counts(), Counts()))

    def take(self, doc: Mapping[str, Any]) -> None:
        """Count a finding."""
        events = happened(doc["history"], self.figures.span, self.today).events
        if not events:
            return
        if doc["rule"] not in rules():
            self.figures.retired += 1
            return
        counts, distinct = self._finest[tuple([doc[name] for name in _FINEST])]
        before = _counted_before(doc, self.figures.span, self.today, self.lookup)
        for day, name in events:
            counts[name] += 1
            self.figures.by_day[day][name] += 1
            if before.get(name):
                before[name] -= 1
            else:
                distinct[name] += 1

    def closed(self, weights: Mapping[str, int]) -> Figures:
        """The figures by their groups."""
        for key, (counts, distinct) in self._finest.items():
            doc = dict(zip(_FINEST, key, strict=True))
            for group, name in _keys(doc):
                once = counts if group in _BY_RULE else distinct
                self.figures.by[group][name].add(counts, once, weights[doc["severity"]])
        return self.figures


def touches(doc: Mapping[str, Any], span: Span) -> bool:
    """Can anything have happened to a finding in a span?"""
    history = doc["history"]
    if history[0]["at"][:10] > span.last:
        return False
    return doc["state"] in OPEN or history[-1]["at"][:10] >= span.first


def _counted_before(doc: Mapping[str, Any], span: Span, today: str, lookup: Lookup) -> Counts:
    """What the same defect counts under other numbers that go before this one."""
    before = [other for other in twins(doc["finding"])[1:] if other < doc["finding"]]
    most = Counts()
    for twin in lookup(before) if before else ():
        most |= Counter(name for _, name in happened(twin["history"], span, today).events)
    return most


def is_counted(doc: Mapping[str, Any], name: str, span: Span, today: str, lookup: Lookup) -> bool:
    """Does a finding count (as `name`) in the distinct figures, that is under no number before its own?"""
    return not _counted_before(doc, span, today, lookup)[name]


def _keys(doc: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    table = tables().get(doc["entity"])
    yield "all", ""
    yield "unit", doc["org_no"]
    yield "centre", doc["centre"]
    yield "division", doc["division"]
    yield "rule", doc["rule"]
    yield "severity", doc["severity"]
    yield "kind", table.kind if table else ""
    yield "centre_rule", (doc["centre"], doc["rule"])
    yield "centre_unit", (doc["centre"], doc["org_no"])


def accounts(store: Store) -> dict[str, int]:
    """How many customers each supply unit has that are not closed."""
    table = tables()["customer"]
    sql = f"SELECT {table.alias}.org_no, COUNT(*) FROM customer {table.alias} WHERE {table.scope} GROUP BY 1"  # noqa: S608
    with opened(store) as base:
        return {org or "": count for org, count in base(sql)}


def unit_name(org_no: str) -> str:
    """A supply unit by name."""
    return name_of("org", org_no) if org_no else NO_UNIT


def rows(one: Figures, by: str, settings: Settings) -> list[Data]:
    """A row for each unit, centre, division, rule or kind (`by`, one of BY), with all counts, rates and the score.

    Rates and score are of distinct defects. Rates are percentages, None where nothing is decided; `per_thousand`: open
    defects a thousand accounts, None without accounts.
    """
    listed = list(one.by[by]) + _always(one, by)
    order = {key: place for place, key in enumerate(rules() if by == "rule" else _always(one, by))}
    keys = sorted(dict.fromkeys(listed), key=lambda key: (not key, order.get(key, len(order)), key))
    return [_row(one, by, key, one.by[by][key], settings) for key in keys]


def total(one: Figures, settings: Settings) -> Data:
    """As a row of `rows`, of everything together."""
    return _row(one, "all", "", one.all, settings)


def _always(one: Figures, by: str) -> list[str]:
    """Who has a row even when nothing was found."""
    if by == "unit":
        return sorted(one.accounts)
    return names_of("centre") if by == "centre" else list(KINDS) if by == "kind" else []


def _row(one: Figures, by: str, key: str, tally: Tally, settings: Settings) -> Data:
    counts, distinct = tally.counts, tally.distinct
    number = one.accounts.get(key, 0) if by == "unit" else one.all_accounts
    return {
        "key": key,
        "name": _name(by, key),
        "accounts": number,
        **{name: counts[name] for name in ("carried", "extracted", "back")},
        "corrected": corrected(counts),
        **{name: counts[name] for name in (*CORRECTIONS, "missed", "pending", "pending_extended", "whitelisted", "open",
                                       "extending", "left")},
        **{f"distinct_{name}": distinct[name] for name in ("extracted", "open", "left")},
        "points_due": tally.points["carried"] + tally.points["extracted"],
        **{f"points_{name}": tally.points[name] for name in _POINTS},
        "same_day_rate": _rate(distinct, "on_time", "missed", "pending"),
        "extension_rate": _rate(distinct, "in_extension", "overran", "pending_extended"),
        "recurrence": _percent(distinct["back"], corrected(distinct)),
        "per_thousand": round(distinct["open"] * 1000 / number, 1) if number else None,
        "score": score(tally.points, settings),
    }  # fmt: skip


def _name(by: str, key: str) -> str:
    if by == "unit":
        return unit_name(key)
    if by == "rule":
        return rules()[key].name
    return key


def corrected(counts: Counts) -> int:
    """How many were corrected, in time or not."""
    return sum(counts[name] for name in CORRECTIONS)


def _rate(counts: Counts, done: str, missed: str, pending: str) -> float | None:
    """The share done in time of what is decided; None as long as no miss is known and one can still come: the share
    would always be 100."""
    if counts[pending] and not counts[missed]:
        return None
    return _percent(counts[done], counts[done] + counts[missed])


def _percent(part: int, whole: int) -> float | None:
    return round(part * 100 / whole, 1) if whole else None


def score(points: Mapping[str, int], settings: Settings) -> float:
    """What somebody with these points scores, see `formula`."""
    full, due = settings.integer("audit_score_full"), points["carried"] + points["extracted"]
    if not due:
        return float(full)
    off = sum(points[name] * settings.integer(f"audit_score_{name}") for name in _POINTS)
    return round(max(0.0, full - off / due), 1)


def formula(settings: Settings) -> str:
    """How a score comes about, in words, with the weights in force."""
    full, left, late, back = (settings.integer(f"audit_score_{name}") for name in ("full", *_POINTS))
    error, warn = (settings.integer(f"audit_{name}_weight") for name in ("error", "warn"))
    return (
        f"得分 = {full} −（{left} × 遗留分 + {late} × 逾期订正分 + {back} × 重现分）÷ 应办分，不低于 0；"
        f"应办是期初在册加抽取；分是个数按级别加权：错误级一个 {error} 分，提醒级一个 {warn} 分，几条规则查同一处的只算一处"
    )


def inferred(settings: Settings) -> list[Setting]:
    """The settings that figures and scores depend on and that the source does not settle."""
    return [one for one in settings.all() if one.name in _INFERRED and one.confidence != "高"]
