"""Is a refusal the one that was expected: the whole set of its reasons, no more and no less?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yk.errors import Reason
from yk.flows.flow import Flow
from yk.flows.guards import Guard, find_guard
from yk.scenario import words
from yk.scenario.result import Miss
from yk.scenario.scenario import Refusal
from yk.text import did_you_mean

CODES = "拒绝码"
"""Where a set of reasons is told that is not the one expected; its hint says which are too many and too few."""


def unexpected(wanted: Refusal, reasons: Sequence[Reason], flow: Flow | None) -> list[Miss]:
    """What of a refusal is not as expected: reasons nobody wrote, written ones that did not come, texts that miss."""
    labels = _labels(flow) if flow else {}
    left = [word for word in wanted.words if not any(_means(word, one, labels) for one in reasons)]
    extra = [one for one in reasons if not any(_means(word, one, labels) for word in wanted.words)]
    found = []
    if wanted.words and (left or extra):
        told = "；".join(dict.fromkeys(f"{called(one, flow)}（{one.message}）" for one in reasons))
        unwritten = dict.fromkeys(f"没有写“{called(one, flow)}”" for one in extra)
        hint = "；".join([*(f"没有因“{word}”被拒{_near(word, reasons, flow)}" for word in left), *unwritten])
        found.append(Miss(CODES, "、".join(wanted.words), told, wanted.place, hint))
    text = "；".join(one.message for one in reasons)
    found += [Miss("拒绝说明含", part, text, wanted.place) for part in wanted.contains if part not in text]
    return found


def _near(word: str, reasons: Sequence[Reason], flow: Flow | None) -> str:
    """What a word may mean that no refusal bears."""
    head = word.replace("：", ":").partition(":")[0]
    labels = _labels(flow) if flow else {}
    names = words.words("refusal")
    known = [*labels, *names, *names.values(), *(code for codes in labels.values() for code in codes)]
    if head in known or head in (one.code for one in reasons):
        return ""
    hint = did_you_mean(head, known)
    return f"（{hint}）" if hint else ""


def called(reason: Reason, flow: Flow | None) -> str:
    """How a scenario may call a reason: its name, the label of its guard, or its code; with the control that is open."""
    labels = [one.label for one in _guards(flow) if one.code == reason.code] if flow else []
    name = words.words("refusal").get(reason.code) or next(iter(labels), reason.code)
    if reason.control and reason.code in ("control_open", "control_failed"):
        return f"{name}:{reason.control.removeprefix('YXZY-YY-')}"
    return name


def _labels(flow: Flow) -> dict[str, set[str]]:
    """Label or name of a guard -> the codes it refuses with."""
    found: dict[str, set[str]] = {}
    for guard in _guards(flow):
        for word in (guard.name, guard.label):
            found.setdefault(word, set()).update((guard.code, "notice_open"))
    return found


def _guards(flow: Flow) -> Iterator[Guard]:
    """Every guard the flow asks, when it opens and at its steps."""
    return map(
        find_guard,
        dict.fromkeys([*flow.doc["opens_if"], *(g for s in flow.steps.values() for g in s["guards"])]),
    )


def _means(word: str, reason: Reason, labels: dict[str, set[str]]) -> bool:
    """Does a word of the scenario mean this reason?"""
    head, _, rest = word.replace("：", ":").partition(":")
    fits = head in (reason.code, words.words("refusal").get(reason.code)) or reason.code in labels.get(
        head, ()
    )
    if reason.code == "notice_open" and head in labels and head not in reason.message:
        fits = any(name in reason.message for name in labels if labels[name] == labels[head])
    if not rest:
        return fits
    control = (reason.control or "").removeprefix("YXZY-YY-")
    return fits and (rest.removeprefix("YXZY-YY-") == control or rest in reason.message)
