"""What the screen 演练 says: of a scenario in the list, of a moment of a lesson, of the risks of the step that comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yk.scenario.stages import LETTERS
from yk.screens.drill_found import Found
from yk.screens.widgets.facts import Fact
from yk.screens.widgets.table import Column
from yk.screens.words import LAMPS, said

if TYPE_CHECKING:
    from yk.scenario.questions import Question
    from yk.screens.drill_scene import Scene

REFUSED = "被拒："
"""Stands before the reasons of a refusal, in what is told of a step."""
_MARKS = {
    "✓": ("办成", "good"),
    "⊘": ("如期被拒", "warn"),
    "✗": ("与预期不符", "bad"),
    "⚡": ("断电", "warn"),
}
"""Mark of a step -> what it means, its tone."""
_VERDICTS = (("✗", "不对", "bad"), ("!", "不全对", "warn"), ("✓", "对", "good"))
"""Nothing of an answer was right, some, all of it: sign, word, tone."""
_STATES = {"done": "✓", "failed": "✗", "open": "☐", "na": "▹", "": "☐"}
_COSTS = ("扣 3 分", "扣 6 分", "扣 10 分")
"""What the first hint costs, the second, the third."""


# -- the list ----------------------------------------------------------------------------------------------------
def columns() -> list[Column]:
    """The columns of the list."""
    return [
        Column(
            "课", 2, lambda row: ("✗", "bad") if _broken(row) else ("课", "accent") if row.is_lesson else ""
        ),
        Column("名称", 20, lambda row: (row.name, "faint" if row.wrong else ""), grow=3),
        Column("流程", 8, lambda row: row.flow, grow=1, least=50),
        Column("步数", 4, lambda row: _number(row.steps), right=True),
        Column("章", 2, lambda row: _number(len(row.chapters)), least=58, right=True),
        Column("题", 2, lambda row: _number(row.questions), right=True),
    ]


def _broken(row: Found) -> bool:
    return bool(row.wrong) and not (row.scenario and row.scenario.skip)


def _number(count: int) -> str:
    return str(count) if count else ""


def about(row: Found | None) -> list[Fact]:
    """A scenario in full."""
    if row is None:
        return [Fact("", "没有选中的场景", "faint")]
    if row.scenario is None:
        return [Fact("", row.name, "title"), Fact("", f"读不了：{row.wrong}", "bad")]
    one = row.scenario
    facts = [Fact("", str(one.lesson.get("title") or one.name), "title")]
    facts += [Fact("", said(line)) for line in one.note.splitlines()]
    facts += [Fact("", row.wrong, "warn")] if row.wrong else []
    facts += [Fact("", "")]
    facts += [Fact("编号", one.id)] if one.id != one.name else []
    facts += [Fact("文件", row.file), Fact("流程", row.flow or "不定"), Fact("步数", str(row.steps))]
    facts += [Fact("章", f"{number}  {name}") for number, name in enumerate(row.chapters, 1)]
    facts += [Fact("标签", "、".join(one.tags))] if one.tags else []
    return facts + list(_of_lesson(row))


def _of_lesson(row: Found) -> Iterator[Fact]:
    from yk.flows.roles import find_role
    from yk.scenario.scoring import rules_of

    if not row.is_lesson or row.scenario is None or row.wrong:
        return
    rules = rules_of(row.scenario.lesson)
    yield Fact("题", f"{row.questions} 道，{rules.pass_mark:g} 分及格")
    if audience := row.scenario.lesson.get("audience"):
        yield Fact("学员", str(audience))
    if rules.minutes:
        yield Fact("限时", f"{rules.minutes:g} 分钟")
    for text in rules.objectives:
        yield Fact("目标", text)
    if rules.unlocks:
        yield Fact("考过", f"{'、'.join(find_role(one).name for one in rules.unlocks)} 的资格生效")


# -- a moment ----------------------------------------------------------------------------------------------------
def moment(scene: Scene, notes: bool) -> list[list[Fact]]:
    """A moment in groups, the first ones the more important; with `notes` what the speaker has to say."""
    groups = [
        _last(scene),
        _standing(scene),
        _next(scene, notes),
        _asked(scene),
        _answered(scene),
        _end(scene),
    ]
    return [group for group in groups if group]


def _last(scene: Scene) -> list[Fact]:
    view = scene.view
    if not view.mark:
        return [Fact("说明", line) for line in view.what.splitlines()]
    meaning, tone = _MARKS[view.mark]
    meaning = meaning.removeprefix("如期") if scene.by_hand else meaning
    act, refused, reasons = view.what.partition(REFUSED)
    act = act.removesuffix("如期").rstrip("→ ") if refused else act
    facts = [Fact("办了", act), Fact("结果", f"{view.mark} {meaning}", tone)]
    facts += [Fact("原因", one, tone) for one in reasons.split("；") if one]
    return facts + [Fact("不符", one, "bad") for one in scene.missed]


def _standing(scene: Scene) -> list[Fact]:
    view = scene.view
    facts = [Fact("注入", f"【注入】{scene.struck}", "warn")] if scene.struck else []
    if view.place:
        facts.append(Fact("工单", view.place))
    if view.lamp:
        sign, word, tone = LAMPS[view.lamp]
        facts.append(Fact("时限", f"{sign} {word} {view.left}", tone))
    return facts


def _next(scene: Scene, notes: bool) -> list[Fact]:
    if scene.by_hand:
        return [Fact("下步", "自己动手；按 r 回到脚本，这里办的都撤销", "warn")]
    tells = scene.person and scene.question  # what the script does next is what an exam asks for
    facts = [Fact("下步", scene.coming)] if scene.coming and not scene.ended and not tells else []
    return facts + [Fact("讲解", line) for line in scene.view.notes.splitlines() if notes]


def _asked(scene: Scene) -> list[Fact]:
    question = scene.question
    if question is None or scene.ended:
        return []
    more = f"（这一步还有 {scene.waiting} 题）" if scene.waiting > 1 else ""
    facts = [Fact("提问", f"{kind_of(question)}：{question.stem}{more}", "title")]
    letters = zip(LETTERS, question.options, strict=False)
    facts += [Fact(f"   {letter}", option.text) for letter, option in letters]
    facts += [Fact("", how_to(question), "faint")]
    costs = zip(_COSTS, scene.hints, strict=False)
    return facts + [Fact("提示", f"{hint}（{cost}）", "warn") for cost, hint in costs]


def kind_of(question: Question) -> str:
    """The kind of a question, and whether one or several options are right."""
    from yk.scenario.questions import KINDS

    several = "" if not question.options else "，多选" if is_several(question) else "，单选"
    return f"{KINDS[question.kind]}{several}"


def is_several(question: Question) -> bool:
    """May several options be chosen?"""
    from yk.scenario.questions import CONTROL

    return question.kind == CONTROL or len(question.right) > 1


def how_to(question: Question) -> str:
    """How a question is answered by keys."""
    from yk.scenario.questions import RECITE

    if question.options:
        return "按字母作答" if not is_several(question) else "按 a 作答，可选几项"
    return "按 a 照念、复诵、确认" if question.kind == RECITE else "按 t 动手去办，办好按 a 由现场判定"


def _answered(scene: Scene) -> list[Fact]:
    if scene.person:
        return [Fact("答了", f"这一步已答 {len(scene.answered)} 题", "faint")] if scene.answered else []
    facts = []
    for one in scene.answered:
        sign, word, tone = _VERDICTS[(one.share > 0) + (one.share == 1)]
        facts.append(Fact("答了", f"{sign} {one.kind}，{word}", tone))
        facts.append(Fact("应答", one.answer))
        if one.clause:
            facts.append(Fact("条文", one.clause, "faint"))
    return facts


def _end(scene: Scene) -> list[Fact]:
    if not scene.ended:
        return []
    if not scene.passed:
        return [Fact("结局", "✗ 这一步没有照脚本走，演到这里；按 左 回退，或按 ^r 重来", "bad")]
    if not scene.outcome:
        return [
            Fact("结局", "✓ 演完了，结果与场景写的相符" + ("；按 f 看复盘" if scene.asks else ""), "good")
        ]
    return [Fact("结局", f"✗ {one}", "bad") for one in scene.outcome]


def history(scene: Scene) -> list[Fact]:
    """What was done before, the last first."""
    return [Fact("此前", f"{one.at} {one.text}", "faint") for one in reversed(scene.done[:-1])]


def state_of(scene: Scene, speed: str, who: str) -> tuple[str, str]:
    """Who is at the wheel, and the tone of that; `speed` is '' while it is paused, `who` sits the exam."""
    if scene.by_hand:
        return "自己动手，r 回到脚本", "warning"
    if scene.person:
        return f"考试 {who}", "warning"
    if scene.ended:
        return ("演完了", "") if scene.passed else ("✗ 与预期不符", "error")
    return (f"自动播放 {speed} 倍", "") if speed else ("已暂停", "")


def score_of(scene: Scene) -> str:
    """How the questions stand; an exam does not tell what was right."""
    return f"已答 {scene.given} / {scene.of} 题" if scene.person else scene.view.score


def guarding(scene: Scene) -> list[Fact]:
    """The risks of the coming step with their controls; nothing that tells the answer to an open question."""
    from yk.flows.catalogue import catalogue

    if scene.person or scene.question:
        return [Fact("", "考试时不看" if scene.person else "这一步有题，答完再看", "faint")]
    if not scene.guarding:
        return [Fact("", "这一步没有对应的作业项", "faint")]
    facts: list[Fact] = []
    entry = ""
    for one in scene.guarding:
        if one.entry != entry:
            facts += [Fact("", "")] if entry else []
            entry = one.entry
            facts.append(Fact("", f"{entry} {catalogue()[entry].title}", "title"))
        if one.is_risk:
            facts.append(Fact(one.id, f"! {one.text}", "warn"))
        else:
            tone = {"done": "good", "failed": "bad"}.get(one.state, "")
            facts.append(Fact(f"  {one.id.rpartition('.')[2]}", f"{_STATES[one.state]} {one.text}", tone))
    return facts
