"""The manual's wording is the product's own: facts carry over, sentences do not."""

from __future__ import annotations

from collections.abc import Iterator

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
