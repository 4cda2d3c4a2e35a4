"""Reading the steps of a scenario (当): one act each, templates put in, every word known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.scenario import step_parts, words
from yk.scenario.expectations import read_expectations
from yk.scenario.givens import read_rows
from yk.scenario.keys import brief, keyed, listed, mapping, text, unknown
from yk.scenario.meant import entity_of, flow_id, step_id, where_id
from yk.scenario.scenario import Data, Place, Step
from yk.scenario.written import Map, Seq, bad, filled, unfilled
from yk.text import did_you_mean

DEEPEST = 5
"""So deep templates may use each other."""
_BESIDE = {"confirm"}
"""Acts that may also go along with another act."""


class Steps:
    """Reads the steps of one scenario; knows which flow the steps speak of as orders are opened."""

    def __init__(self, templates: Mapping[str, Seq], variables: Mapping[str, Any], flow: str) -> None:
        self._templates, self._variables = templates, variables
        self._flow = self._own = flow

    def read(self, value: Any, place: Place) -> tuple[Step, ...]:
        """All steps in order. Raises DefinitionError with the line."""
        return tuple(self._read(listed(value, place, "当"), None, self._variables, 0))

    def _read(
        self, items: Any, caller: Place | None, variables: Mapping[str, Any], depth: int
    ) -> Iterator[Step]:
        for number, item in enumerate(items):
            source = items.place(number)
            if not isinstance(item, Map):
                raise bad(source, "wrong_type", f"步骤应写成 动作: 内容，现为 {brief(item)}")
            raw, act = self._told_apart(item, source)
            if act == "use":
                yield from self._template(raw, source, caller, variables, depth)
            else:
                yield self._step(raw, act, source, caller)

    def _told_apart(self, item: Map, source: Place) -> tuple[Map, str]:
        """The step with English keys, and its one act."""
        made: Data = {}
        lines = {}
        for key, value in item.items():
            ident = words.known("modifier", key) or words.known("act", key)
            if ident is None:
                raise step_parts.unknown_step_key(item.place(key), key)
            if ident in made:
                raise bad(item.place(key), "duplicate_key", f"步骤里的 {key} 写了两次")
            made[ident], lines[ident] = value, item.lines.get(key, item.line)
        acts = [key for key in made if key in words.words("act")]
        acts = [key for key in acts if key not in _BESIDE] or acts
        if len(acts) != 1:
            shown = "、".join(words.chinese("act", one) for one in acts) or "一个也没有"
            known = "、".join(words.words("act").values())
            raise bad(source, "one_act", f"一个步骤必须恰有一个动作，现有：{shown}", f"动作有：{known}")
        return Map(made, item.file, item.line, lines), acts[0]

    def _template(
        self, raw: Map, source: Place, caller: Place | None, variables: Mapping[str, Any], depth: int
    ) -> Iterator[Step]:
        name = text(raw, "use", "套用")
        if name not in self._templates:
            raise bad(source, "unknown_template", f"没有模板“{name}”", did_you_mean(name, self._templates))
        if depth >= DEEPEST:
            raise bad(source, "too_deep", f"模板 {name} 套得太深（最多 {DEEPEST} 层）")
        extra = sorted(set(raw) - {"use", "args", "note", "chapter"})
        if extra:
            shown = "、".join(words.chinese("modifier", one) for one in extra)
            raise bad(source, "not_here", f"套用模板的步骤不能再写 {shown}", "写在模板的步骤里")
        given = {**variables, **mapping(raw.get("args"), raw.place("args"), "参数")}
        body = filled(self._templates[name], given)
        yield from self._read(body, caller or source, given, depth + 1)

    def _step(self, raw: Map, act: str, source: Place, caller: Place | None) -> Step:
        place = caller or source
        if (left := unfilled(raw, source)) is not None:
            raise bad(
                left[1], "unknown_variable", f"没有变量“{left[0]}”", did_you_mean(left[0], self._variables)
            )
        what = self._what(raw, act)
        step_parts.refuse_ignored(raw, act)
        if act in ("open", "accept"):
            self._flow = what["flow"] or self._own
        flow = "" if raw.get("order") else self._flow
        return Step(
            act=act,
            what=what,
            said=step_parts.said(raw, act),
            place=place,
            source=source,
            by=text(raw, "by", "由"),
            data=mapping(raw.get("data"), raw.place("data"), "数据"),
            materials=step_parts.materials(raw),
            confirm=step_parts.confirm(raw) if act != "confirm" else (),
            usual=step_parts.flag(raw, "usual"),
            order=text(raw, "order", "工单"),
            label=text(raw, "label", "另存"),
            to=where_id(flow, text(raw, "to", "去向"), raw.place("to")) if raw.get("to") else "",
            refused=step_parts.refusal(raw),
            expect=read_expectations(raw.get("expect"), raw.place("expect"), flow),
            note=text(raw, "note", "注"),
            power_cut=step_parts.power_cut(raw),
            chapter=text(raw, "chapter", "章"),
            speech=text(raw, "speech", "讲稿"),
            inject=step_parts.injection(raw, "inject", "注入"),
            ask=step_parts.questions(raw),
        )

    def _what(self, raw: Map, act: str) -> Any:
        """The value of the act, with English keys; step names resolved where the flow is known."""
        value, place = raw.get(act), raw.place(act)
        flow = "" if raw.get("order") else self._flow
        if act in ("open", "accept"):
            return self._opening(mapping(value, place, words.chinese("act", act)), place)
        if act in ("do", "run", "prepare"):
            return (
                step_id(flow, str(value), place) if value not in (None, "送出", "send", "到底", "end") else ""
            )
        if act == "return":
            read = keyed(value, "return", place, "退回")
            return self._moved(read, flow) | {"to": step_id(flow, text(read, "to", "到"), place)}
        if act == "fail":
            read = (
                keyed(value, "fail", place, "不合格")
                if isinstance(value, Map)
                else raw.like({"reason": value})
            )
            return self._moved(read, flow)
        if act == "sign":
            return step_parts.signatures(value, place)
        if act == "event":
            return self._events(mapping(value, place, "事件"), place)
        if act in step_parts.READERS:
            return step_parts.READERS[act](value, place)
        return "" if value is None else value

    def _moved(self, read: Map, flow: str) -> Data:
        """Where a move leaves from ('' where the order stands at one step), and why."""
        source = text(read, "from", "自")
        at = step_id(flow, source, read.place("from")) if source else ""
        return {"from": at, "reason": text(read, "reason", "因")}

    def _opening(self, value: Map, place: Place) -> Data:
        what: Data = {"customer": "", "flow": "", "data": {}}
        for key, item in value.items():
            ident = words.known("open", key) or ("customer" if key == "户号" else None)
            if ident == "customer":
                what["customer"] = "" if item is None else str(item)
            elif ident == "flow":
                what["flow"] = flow_id(str(item), value.place(key))
            else:
                what["data"][key] = item
        if not (what["flow"] or self._own):
            raise bad(place, "flow_missing", "没有说明办理哪个流程", "在文件、场景或这一步写 流程: …")
        return what

    def _events(self, value: Map, place: Place) -> list[tuple[str, Data]]:
        if not value:
            raise bad(place, "wrong_type", "事件应写成 事件: {名称: {…}}")
        made = []
        for key, item in value.items():
            ident = words.known("event", key)
            if ident is None:
                raise unknown(value.place(key), "事件", key, "event")
            made.append((ident, self._event_args(ident, item, value.place(key))))
        return made

    def _event_args(self, ident: str, item: Any, place: Place) -> Data:
        if ident == "archive":
            changed = mapping(item, place, "档案变动")
            return {
                entity_of(w, changed.place(w)).name: read_rows(w, changed[w], changed.place(w))
                for w in changed
            }
        if ident == "incident":
            return (
                dict(keyed(item, "inject", place, "事故"))
                if isinstance(item, Map)
                else {"incident": str(item)}
            )
        if item is None or isinstance(item, str | int | float | Seq):
            return {"value": item}
        args = keyed(item, "event_args", place, words.chinese("event", ident))
        amount = args.get("amount", 1)
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount <= 0:
            raise bad(args.place("amount"), "bad_number", f"金额应是大于 0 的数（元），现为 {brief(amount)}")
        if args.get("step") and self._flow and not args.get("order"):
            args["step"] = step_id(self._flow, str(args["step"]), args.place("step"))
        return dict(args)
