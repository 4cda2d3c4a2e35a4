"""The manual's wording is the product's own: facts carry over, sentences do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from seeds import copied

from yk.flows.catalogue import catalogue
from yk.flows.entries import STATEMENTS, entries_of

FLOWS = sorted({item.flow for item in catalogue().values()})


def texts(flow: str) -> Iterator[tuple[str, str]]:
    """(entry, text) of everything the manual says."""
    for code, entry in entries_of(flow).items():
        for section in entry["sections"]:
            for kind in STATEMENTS:
                yield from ((code, item["text"]) for item in section[kind])
            for risk in section["risks"]:
                yield code, risk["text"]
                for control in risk["controls"]:
                    yield code, control["text"]
                    yield code, control["check"]


@pytest.mark.parametrize("flow", FLOWS)
def test_no_run_of_twenty_characters_is_a_source_documents(flow: str) -> None:
    assert [(code, text, copied(text)) for code, text in texts(flow) if copied(text)] == []


def test_a_sentence_of_a_source_document_would_be_found() -> None:
    """根据更名流程设置… stands in NX 1.3.1.2.1(8)."""
    assert copied("8.根据更名流程设置发送电子工作单到下一处理环节。")
    assert copied("根据更名流程设置 发送电子工作单到下一处理环节") == [
        "根据更名流程设置发送电子工作单到下一处理",
        "据更名流程设置发送电子工作单到下一处理环",
        "更名流程设置发送电子工作单到下一处理环节",
    ]


def asked_of_persons(entry: dict[str, Any]) -> int:
    """The controls that must be answered and that no guard answers."""
    controls = [c for section in entry["sections"] for risk in section["risks"] for c in risk["controls"]]
    return sum(c["required"] and not c["guard"] for c in controls)


@pytest.mark.parametrize("flow", FLOWS)
def test_an_entry_asks_three_to_six_things_of_a_person(flow: str) -> None:
    """Fewer and nobody looks any more; more and they are ticked off unread."""
    found = {code: asked_of_persons(entry) for code, entry in entries_of(flow).items()}
    assert {code: count for code, count in found.items() if not 3 <= count <= 6} == {}


def own_texts(flow: str) -> Iterator[str]:
    """What the entries of this flow say themselves, beyond their archetypes."""
    for entry in entries_of(flow).values():
        for section in entry["sections"]:
            for kind in STATEMENTS:
                yield from (item["text"] for item in section[kind] if item["own"])
            for risk in (risk for risk in section["risks"] if risk["own"]):
                yield risk["text"]
                yield from (control["text"] for control in risk["controls"])


def test_no_flow_says_what_is_its_own_in_the_words_of_another() -> None:
    """A sister flow's sentence with nothing changed belongs into the archetype."""
    flows: dict[str, set[str]] = {}
    for flow in FLOWS:
        for text in own_texts(flow):
            flows.setdefault(text, set()).add(flow)
    assert {text: where for text, where in flows.items() if len(where) > 1} == {}
