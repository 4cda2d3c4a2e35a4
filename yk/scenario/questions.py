"""Questions of lessons and exams, made from the manual: which risk is it, which controls, do it, read it out and repeat.

Every question carries the clause it is made from. The wrong options of «which risk» are risks of neighbouring steps, those
of «which control» controls of other risks. The same question always has the same options; only their order is mixed, by a
seed (`mixed`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple, TypeVar
from unicodedata import normalize

from yk.errors import Reason, Refused, UsageError
from yk.scenario.clauses import Clause, Control, alike, clauses_of, find_clause, neighbours
from yk.scenario.incident import Bound, bind, find_incident

T = TypeVar("T")
RISK, CONTROL, OPERATE, RECITE, OWN = "risk", "control", "operate", "recite", "own"
KINDS = {RISK: "识别风险", CONTROL: "选预控措施", OPERATE: "动手办", RECITE: "唱票复诵", OWN: "自拟题"}
"""Kinds of questions; the last are written in the lesson itself."""
PARTS = {RISK: "risk", CONTROL: "control", OPERATE: "operate", RECITE: "operate", OWN: "risk"}
"""The part of the score a kind counts for."""
DONE = "done"
"""The right answer to a question that is judged by what was done."""
WRONG = 3
"""So many wrong options a question has."""
_INJURY = "人身"
"""The kind of risks whose first control is read out and repeated."""


class Option(NamedTuple):
    """One option: the public id of a risk or control, its text, and the id of the clause it belongs to."""

    id: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `risk` is the clause it is made from ('' for one of the lesson's own without any), `clause` the same in
    words; `right` and `also` are ids of options (right, and acceptable instead); `hints` the clue, the clause, the answer;
    `step` the number of the lesson's step it is asked at (0: none)."""

    id: str
    kind: str
    stem: str
    risk: str = ""
    entry: str = ""
    clause: str = ""
    options: tuple[Option, ...] = ()
    right: tuple[str, ...] = (DONE,)
    also: tuple[str, ...] = ()
    hints: tuple[str, str, str] = ("", "", "")
    incident: str = ""
    step: int = 0
    weight: float = 1.0

    @property
    def part(self) -> str:
        """The part of the score it counts for: risk, control or operate."""
        return PARTS[self.kind]

    @property
    def answer(self) -> str:
        """The right answer in words."""
        texts = {one.id: one.text for one in self.options}
        return "；".join(texts[one] for one in self.right if one in texts) or self.hints[2]

    def option(self, ident: str) -> Option:
        """The option with this id. Raises UsageError (`unknown_option`)."""
        for one in self.options:
            if one.id == ident:
                return one
        raise UsageError("unknown_option", f"题目 {self.id} 没有选项 {ident}")


# -- made from the manual ----------------------------------------------------------------------------------------
def questions_of(entry: str) -> list[Question]:
    """Every question of an entry: for each risk which it is and which controls, for dangers to life the repeating of the
    first control besides. Raises UsageError for an unknown entry."""
    made = []
    for clause in clauses_of(entry):
        made += [risk_question(clause), control_question(clause)]
        if clause.kind == _INJURY:
            made.append(recite_question(clause))
    return made


def find_question(ident: str) -> Question:
    """A question by its id, `YXZY-YY-334.1.R1/risk` or with an incident `…/risk@system_down`. Raises UsageError."""
    risk, _, rest = ident.partition("/")
    kind, _, word = rest.partition("@")
    if kind not in MAKERS:
        raise UsageError("unknown_question", f"没有 {ident} 这道题", "题号写成 YXZY-YY-334.1.R1/risk")
    clause = find_clause(risk)
    return MAKERS[kind](clause, bind(find_incident(word), risk=clause.id) if word else None)


def risk_question(clause: Clause, bound: Bound | None = None) -> Question:
    """Which risk is this? Told by the incident that realises it, or else by the controls that guard against it."""
    if bound:
        stem = f"{bound.incident.told}。办“{clause.title}”时，这是哪一个风险？"
    else:
        done = "；".join(control.text for control in clause.controls)
        stem = f"办“{clause.title}”时要求：{done}。这是在防哪一个风险？"
    right = Option(clause.id, clause.text, clause.id)
    return _made(
        clause,
        RISK,
        stem,
        bound,
        [right, *_first(_risks_nearby(clause), WRONG)],
        (clause.id,),
        answer=clause.text,
    )


def control_question(clause: Clause, bound: Bound | None = None) -> Question:
    """Which controls? All that the clause has, or those that meet the incident."""
    right = bound.right if bound else tuple(control.id for control in clause.controls)
    also = bound.also if bound else ()
    own = [Option(control.id, control.text, clause.id) for control in clause.controls]
    others = (one for one in _controls_nearby(clause) if not any(alike(one.text, mine.text) for mine in own))
    told = f"{bound.incident.told}。" if bound else ""
    stem = f"{told}办“{clause.title}”，风险是“{clause.text}”。该用哪些预控措施？（共 {len(right)} 项）"
    answer = "；".join(option.text for option in own if option.id in right)
    return _made(clause, CONTROL, stem, bound, [*own, *_first(others, WRONG)], right, also, answer)


def operate_question(clause: Clause, bound: Bound | None = None) -> Question:
    """Do it: judged by the world."""
    todo = bound.incident.todo if bound else "；".join(control.text for control in clause.controls)
    told = f"{bound.incident.told}。" if bound else ""
    stem = f"{told}办“{clause.title}”，请动手处置。"
    return _made(clause, OPERATE, stem, bound, (), (DONE,), answer=todo)


def recite_question(clause: Clause, bound: Bound | None = None) -> Question:
    """Read the first control out, repeat it, confirm it, before anything is done."""
    text = _spoken(clause).text
    return _made(clause, RECITE, f"办“{clause.title}”前唱票复诵：{text}", bound, (), (DONE,), answer=text)


MAKERS: dict[str, Callable[[Clause, Bound | None], Question]] = {
    RISK: risk_question,
    CONTROL: control_question,
    OPERATE: operate_question,
    RECITE: recite_question,
}
"""Kind -> what makes a question of that kind of a clause, and of the incident that realises it."""


def _made(
    clause: Clause,
    kind: str,
    stem: str,
    bound: Bound | None,
    options: Iterable[Option],
    right: tuple[str, ...],
    also: tuple[str, ...] = (),
    answer: str = "",
) -> Question:
    incident = bound.incident.id if bound else ""
    rule = clause.rules[0] if clause.rules else clause.controls[0].text
    clue = f"在“{clause.section}”一节，属{clause.kind}类风险"
    if kind != RISK:
        clue = f"看 {clause.entry}“{clause.section}”一节，{'、'.join(dict.fromkeys(c.kind for c in clause.controls))}措施"
    return Question(
        id=f"{clause.id}/{kind}{'@' if incident else ''}{incident}",
        kind=kind,
        stem=stem,
        risk=clause.id,
        entry=clause.entry,
        clause=clause.shown,
        options=tuple(options),
        right=right,
        also=also,
        hints=(clue, f"{clause.shown}{clause.origin}：{rule}", answer),
        incident=incident,
    )


def _spoken(clause: Clause) -> Control:
    """The control that is read out: the first that a person answers, or else the first."""
    return next((control for control in clause.controls if control.check), clause.controls[0])


def _risks_nearby(clause: Clause) -> Iterator[Option]:
    """One risk of each neighbouring entry, the nearest first; what this entry has itself would be right too."""
    own = {one.text for one in clauses_of(clause.entry)}
    for entry in neighbours(clause.entry):
        able = [one for one in clauses_of(entry) if one.text not in own]
        if able:
            one = min(able, key=lambda other: _order(clause.id, other.id))
            yield Option(one.id, one.text, one.id)


def _controls_nearby(clause: Clause) -> Iterator[Option]:
    """Controls of the entry's other risks in an order of their own, then those of its neighbours."""
    for entry in (clause.entry, *neighbours(clause.entry)):
        others = [one for one in clauses_of(entry) if one.id != clause.id]
        for one in sorted(others, key=lambda other: _order(clause.id, other.id)):
            control = min(one.controls, key=lambda other: _order(clause.id, other.id))
            yield Option(control.id, control.text, one.id)


def _first(options: Iterable[Option], count: int) -> list[Option]:
    """The first few options that differ from each other."""
    found: dict[str, Option] = {}
    for one in options:
        found.setdefault(one.text, one)
        if len(found) == count:
            break
    return list(found.values())


def again(ident: str, step: int) -> str:
    """The id of a question that a paper asks once more, at this step."""
    return f"{ident}#{step}"


def first_id(ident: str) -> str:
    """The id a question has wherever it is asked."""
    return re.sub(r"#[0-9]+$", "", ident)


# -- order -------------------------------------------------------------------------------------------------------
def mixed(questions: Sequence[Question], seed: str) -> list[Question]:
    """The questions in an order of the seed's own, their options too: the same seed gives the same order. Questions about
    one clause at one step stay together, what it is before what to do: the second tells the answer to the first."""
    groups: dict[tuple[int, str], list[Question]] = {}
    for one in questions:
        groups.setdefault((one.step, one.risk or one.id), []).append(one)
    keys = sorted(groups, key=lambda key: _order(seed, f"{key[0]}/{key[1]}"))
    return [
        replace(one, options=shuffled(one.options, f"{seed}/{one.id}")) for key in keys for one in groups[key]
    ]


def shuffled(options: Sequence[Option], seed: str) -> tuple[Option, ...]:
    """Options in an order of the seed's own."""
    return tuple(sorted(options, key=lambda one: _order(seed, one.id)))


def _order(seed: str, ident: str) -> str:
    return sha256(f"{seed}|{ident}".encode()).hexdigest()


# -- reading out and repeating -----------------------------------------------------------------------------------
class Recital:
    """唱票复诵 (县局流程 第六：许可、指挥、执行): a clause is read out, repeated word for word, confirmed, in this order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._stage = 0

    def read(self) -> str:
        """The text to read out."""
        self._stage = max(self._stage, 1)
        return self.text

    def repeat(self, said: str) -> bool:
        """Was it repeated word for word? Blanks and punctuation do not count."""
        if self._stage and _words(said) == _words(self.text):
            self._stage = 2
        return self._stage >= 2

    def confirm(self) -> bool:
        """Confirm what was repeated; False when it was not."""
        if self._stage == 2:
            self._stage = 3
        return self.is_done

    @property
    def is_done(self) -> bool:
        """Was it read, repeated and confirmed?"""
        return self._stage == 3

    def require(self) -> None:
        """Refuse to go on before it is done (`not_recited`)."""
        if not self.is_done:
            left = ("照念", "复诵", "确认")[self._stage]
            raise Refused([Reason("not_recited", f"唱票复诵还没有{left}，不能操作：{self.text}")])


def _words(text: str) -> str:
    return "".join(char for char in normalize("NFKC", text) if char.isalnum())
