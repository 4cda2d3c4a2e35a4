"""Many scenarios: in which order, which of them, in how many processes at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from yk.errors import UsageError
from yk.scenario.result import Result
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Scenario
from yk.text import did_you_mean

Given = TypeVar("Given")
Made = TypeVar("Made")


def chosen(
    scenarios: Sequence[Scenario], tags: Iterable[str] = (), words: Iterable[str] = ()
) -> list[Scenario]:
    """Those with every tag, and with one of the words as their number or in their name. Raises UsageError when none is."""
    wanted, asked = set(tags), list(words)
    found = [
        one
        for one in scenarios
        if wanted <= set(one.tags)
        and (not asked or any(word == one.id or word in one.name for word in asked))
    ]
    if not found:
        known = [text for one in scenarios for text in (one.id, one.name, *one.tags)]
        word = next(iter([*asked, *sorted(wanted)]), "")
        raise UsageError(
            "no_scenarios", f"没有场景符合 {'、'.join([*asked, *wanted])}", did_you_mean(word, known)
        )
    return found


def shuffled(scenarios: Sequence[Scenario], seed: int | None) -> list[Scenario]:
    """In an order that the seed draws, the same for the same seed; as they stand without one."""
    made = list(scenarios)
    if seed is not None:
        random.Random(seed).shuffle(made)  # noqa: S311 - an order, no secret
    return made


def run_many(scenarios: Sequence[Scenario], jobs: int = 1) -> Iterator[Result]:
    """The result of each, in their order."""
    yield from in_processes(run_scenario, scenarios, jobs)


def in_processes(work: Callable[[Given], Made], tasks: Sequence[Given], jobs: int) -> Iterator[Made]:
    """What `work` makes of every task, in their order; with more than one job in processes of their own."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(work, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context: Any = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context) as pool:
        yield from pool.map(work, tasks)
