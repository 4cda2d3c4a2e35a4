"""The parts of a step: what is handed in and confirmed, how it is refused, who signs, what a batch or an audit is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yk.scenario import words
from yk.scenario.keys import brief, keyed, mapping, text, texts
from yk.scenario.scenario import Data, Place, Refusal
from yk.scenario.written import Map, Seq, bad, rows
from yk.text import did_you_mean


def unknown_step_key(place: Place, key: str) -> Exception:
    """The error for a key that a step does not have."""
    pool = {**words.words("act"), **words.words("modifier")}
    known = list(pool) if key.isascii() else list(pool.values())
    comma = "" if key.isascii() else "；句中若有半角逗号，换成全角"
    hint = did_you_mean(key, known) or f"动作有：{'、'.join(words.words('act').values())}"
    return bad(place, "unknown_key", f"步骤 不认识“{key}”", hint + comma)


def said(raw: Map, act: str) -> str:
    """The act with its value as written, in a line."""
    name, value = words.chinese("act", act), raw.get(act)
    if isinstance(value, Map):
        value = " ".join(_brief(key, item) for key, item in value.items())
    elif isinstance(value, Seq):
        value = "、".join(_brief("", item) for item in value)
    return name if value in (None, "") else f"{name} {value}"


def _brief(key: str, value: Any) -> str:
    """A part of an act in a few words: what is long or has parts of its own is named only."""
    if isinstance(value, Map | Seq) or value is None or len(str(value)) > LONG:
        inner = " ".join(_brief("", item) for item in value.values()) if isinstance(value, Map) else ""
        return " ".join(part for part in (key, inner) if part)
    told = {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
    return f"{key}={told}" if key else told


LONG = 40
"""A value longer than that is not shown in a step's line."""


def flag(raw: Map, key: str) -> bool:
    """A yes or no of a step."""
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise bad(
            raw.place(key),
            "wrong_type",
            f"{words.chinese('modifier', key)}应写 是 或 否，现为 {brief(value)}",
        )
    return value


def materials(raw: Map) -> Any:
    """Materials to hand in: names or codes; `{name: day}` defers one."""
    value = raw.get("materials")
    if isinstance(value, Map):
        return dict(value)
    return tuple(texts(raw, "materials", "资料"))


def confirm(raw: Map) -> Any:
    """Controls to answer: their ids, 全部, or `{id: {…}}`."""
    value = raw.get("confirm")
    if isinstance(value, Map):
        return dict(value)
    return tuple(texts(raw, "confirm", "确认"))


def refusal(raw: Map) -> Refusal | None:
    """How the step must be refused; None when it must pass."""
    if "refused" not in raw:
        return None
    value, place = raw["refused"], raw.place("refused")
    if isinstance(value, Map):
        read = keyed(value, "refused", place, "应拒")
        found = Refusal(tuple(texts(read, "codes", "码")), tuple(texts(read, "contains", "含")), place)
    else:
        found = Refusal(tuple(texts(raw, "refused", "应拒")), (), place)
    if not found.words and not found.contains:
        raise bad(place, "no_reason", "应拒没有写明原因", "写上全部拒绝码，如 应拒: [arrears, 材料不齐]")
    return found


def power_cut(raw: Map) -> Any:
    """The row of a batch at which the power goes; None when it stays."""
    if "power_cut" not in raw:
        return None
    value = raw["power_cut"]
    read = (
        keyed(value, "power_cut", raw.place("power_cut"), "断电于")
        if isinstance(value, Map)
        else {"row": value}
    )
    row = read.get("row")
    if not isinstance(row, int) or isinstance(row, bool) or row < 1:
        raise bad(raw.place("power_cut"), "wrong_type", f"断电于哪一行应是从 1 起的整数，现为 {brief(row)}")
    return row


def injection(raw: Map, key: str, what: str) -> Any:
    """What the step injects; None when nothing."""
    if key not in raw:
        return None
    value = raw[key]
    return (
        dict(keyed(value, key, raw.place(key), what)) if isinstance(value, Map) else {"incident": str(value)}
    )


def questions(raw: Map) -> Any:
    """Questions of a step: a list of mappings; None when it asks nothing."""
    if "ask" not in raw:
        return None
    value, place = raw["ask"], raw.place("ask")
    items = value if isinstance(value, Seq) else [value]
    return [
        dict(keyed(item, "ask", place, "提问")) if isinstance(item, Map) else {"text": str(item)}
        for item in items
    ]


def signatures(value: Any, place: Place) -> list[Data]:
    """Opinions of departments in order: `{department: 同意}`, or `{部门: …, 意见: …, 因: …}`."""
    items = value if isinstance(value, Seq) else [value]
    made = []
    for item in items:
        signed = mapping(item, place, "会签")
        if words.known("sign", next(iter(signed), "")):
            pairs = [dict(keyed(signed, "sign", place, "会签"))]
        else:
            pairs = [
                {
                    "department": name,
                    **(
                        {"opinion": one}
                        if not isinstance(one, Map)
                        else dict(keyed(one, "sign", signed.place(name), "会签"))
                    ),
                }
                for name, one in signed.items()
            ]
        for pair in pairs:
            word = str(pair.get("opinion", "同意"))
            opinion = words.known("opinion", word)
            if opinion is None:
                raise bad(place, "bad_opinion", f"会签意见不认识“{word}”", words.near("opinion", word))
            made.append({"reason": "", **pair, "opinion": opinion})
    return made


def batch(value: Any, place: Place) -> Data:
    """What a batch is given: kind, name, table or file, values, how far."""
    read = keyed(value, "batch", place, "批量")
    for key in ("kind", "name"):
        if not text(read, key, words.chinese("batch", key)):
            raise bad(place, "missing_key", f"批量缺少 {words.chinese('batch', key)}")
    if ("table" in read) == ("file" in read):
        raise bad(place, "missing_key", "批量要有 表 或 文件，二者取一")
    made = dict(read)
    made |= {"values": dict(mapping(read.get("values"), read.place("values"), "数据"))}
    made |= {"file": text(read, "file", "文件")} if "file" in read else {}
    if "until" in read:
        until = words.known("batch_until", str(read["until"]))
        if until is None:
            raise bad(
                read.place("until"),
                "unknown_word",
                f"止于不认识“{read['until']}”",
                words.near("batch_until", str(read["until"])),
            )
        made["until"] = until
    if "table" in read:
        made["table"] = rows(read["table"], read.place("table"))
    return made


def audit(value: Any, place: Place) -> Data:
    """What the rules are asked of."""
    read = (
        keyed(value, "audit", place, "稽核")
        if isinstance(value, Map)
        else Map({}, place.file, place.line, {})
    )
    return {
        "rules": texts(read, "rules", "规则"),
        "customers": texts(read, "customers", "用户"),
        "list": text(read, "list", "清单"),
    }


def finding(value: Any, place: Place) -> Data:
    """What is done about findings: a rule or an account (or both), and the act."""
    read = keyed(value, "finding", place, "问题")
    act = words.known("finding_act", text(read, "act", "做"))
    if act is None:
        word = text(read, "act", "做") or "（没有写 做）"
        raise bad(
            read.place("act"), "unknown_word", f"问题 做 不认识“{word}”", words.near("finding_act", word)
        )
    return {key: str(item) for key, item in read.items()} | {"act": act}


_READY = {"open", "accept", "do", "prepare", "sign"}
"""Acts that get a step of an order ready."""
_HEEDED = {
    "data": _READY | {"fill", "run", "continue", "finding"},
    "materials": _READY | {"continue"},
    "confirm": _READY | {"continue", "confirm"},
    "usual": _READY,
    "label": {"open", "accept", "finding"},
    "to": {"do"},
    "power_cut": {"batch", "continue", "undo"},
    "args": set[str](),
}
"""What may stand beside some acts only: the others would pass over it without a word."""
_OF_NOBODY = {"event", "pass", "at", "check", "take_up"}
"""What nobody at a desk does; 由 says nothing there."""


def refuse_ignored(raw: Map, act: str) -> None:
    """Refuse what the act would not heed, so that no step looks as if it did more than it does."""
    for key in raw:
        heeded = act in _HEEDED[key] if key in _HEEDED else key != "by" or act not in _OF_NOBODY
        if key == "power_cut" and act == "batch" and isinstance(raw["batch"], Map):
            heeded = not any(words.known("batch", word) == "until" for word in raw["batch"])
        if not heeded:
            name, beside = words.chinese("modifier", key), words.chinese("act", act)
            near = [words.chinese("act", one) for one in words.words("act") if one in _HEEDED.get(key, ())]
            hint = f"可与它同写的动作：{'、'.join(near)}" if near else "去掉它"
            raise bad(raw.place(key), "not_here", f"“{name}”写在“{beside}”旁边不起作用", hint)


READERS: dict[str, Callable[[Any, Place], Any]] = {
    "unlock": lambda value, place: dict(keyed(value, "unlock", place, "解锁")),
    "fill": lambda value, place: mapping(value, place, "填写"),
    "batch": batch,
    "audit": audit,
    "finding": finding,
}
