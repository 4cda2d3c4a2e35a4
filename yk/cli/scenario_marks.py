"""How results look: of one exam the score by part and what was missed, of a class its questions, risks and people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yk.cli.scenario_page import hung
from yk.scenario import words
from yk.scenario.exam import is_missed
from yk.scenario.questions import KINDS
from yk.scenario.scoring import RATINGS

if TYPE_CHECKING:
    from yk.scenario.classbook import ClassBook, Review

Data = Mapping[str, Any]


def missed(result: Data) -> list[dict[str, Any]]:
    """What of an exam was missed: `[{question, kind, risk, entry, clause, text, answer}]`."""
    keys = ("question", "kind", "risk", "entry", "clause", "text", "answer")
    return [{key: line[key] for key in keys} for line in result["answers"] if is_missed(line)]


def marks(result: Data, width: int) -> Iterator[str]:
    """The page of one exam."""
    name = result["scenario"].rpartition("::")[2]
    yield f"{name}  {result['person']}  {result['at'][:16].replace('T', ' ')}"
    told = "及格" if result["passed"] else "不及格"
    yield f"得分 {result['total']:g}（及格 {result['pass_mark']:g}）  {told}"
    for part, one in result["parts"].items():
        if one["of"]:
            yield f"  {words.chinese('weights', part)}  {one['got']:g} / {one['of']:g}"
    limit = f"，限 {result['limit']:g} 分钟" if result["limit"] else ""
    yield f"  用了 {result['minutes']:g} 分钟{limit}"
    yield from _missed(result, width)
    for text, letter in result["ratings"].items():
        yield from hung(
            "目标 ", f"{text}：{letter} {RATINGS[letter]}" if letter else f"{text}：没有考到", width
        )


def _missed(result: Data, width: int) -> Iterator[str]:
    """The questions that were missed, with the clause and the number of its entry."""
    lines = missed(result)
    yield f"没有答对的 {len(lines)} 题" if lines else "全部答对"
    for line in lines:
        source = f"{line['clause']}（{line['risk']}）" if line["risk"] else "课程自拟"
        yield from hung("  ✗ ", f"{KINDS[line['kind']]}：{source}", width)
        yield from hung("      ", line["text"], width)
        yield from hung("      应答 ", line["answer"], width)


def class_page(book: ClassBook, due: Sequence[Review], width: int) -> Iterator[str]:
    """The page of a class, and what is due for review."""
    yield f"{book.exams} 次考试，{book.passed} 次及格，平均 {book.mean:g} 分"
    if book.people:
        yield from ("", "学员")
    for person in book.people:
        last = person.last_at[:16].replace("T", " ")
        yield f"  {person.person}  考 {person.exams} 次，及格 {person.passed} 次，最好 {person.best:g}，最近 {person.last:g}（{last}）"
    if book.missed:
        yield from ("", "最易错的风险")
    for risk in book.missed:
        yield from hung(f"  {risk.missed:>3}/{risk.asked:<3} ", f"{risk.clause}（{risk.risk}）", width)
    if book.questions:
        yield from ("", "每题全对的比例（难的在前）")
    for one in book.questions:
        yield from hung(f"  {one.share:>3}% {one.right}/{one.asked}  ", f"{one.text}", width)
    if due:
        yield from ("", "该复习的")
    for item in due:
        yield from hung(
            f"  {item.due} {item.person} ", f"{item.clause or item.text}（第 {item.turn} 次）", width
        )
