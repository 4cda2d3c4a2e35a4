"""Flows written in tests, and walks through them on the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from yk import yamls
from yk.flows.compile import Block
from yk.flows.definition import parse_definition
from yk.flows.driver import Answers, Ask, Driver, Place
from yk.flows.flow import Flow, load


def flow_of(text: str) -> Flow:
    """The flow written in `text`."""
    return Flow(parse_definition(yamls.parse(text, "test.yaml"), {}))


def steps(*lines: str, name: str = "small") -> Flow:
    """A flow of these steps, each a YAML flow mapping; `role` may be left out."""
    made = [
        line if "role:" in line or "together:" in line else line[:-1] + ", role: approver}" for line in lines
    ]
    return flow_of(
        HEAD.format(id=name, name="小流程") + "steps:\n" + "\n".join(f"  - {line}" for line in made)
    )


def rename() -> Flow:
    """The flow 更名."""
    return load("rename")


def everything() -> Flow:
    """The flow with everything."""
    return flow_of(EVERYTHING)


def yes(block: Block) -> Answers:
    """Every answer is yes."""
    return (True,) * len(block)


def no_to(*names: str) -> Ask:
    """Every answer is yes but those to `names`."""
    return lambda block: tuple(name not in names for name in block)


def by(answers: Mapping[str, bool]) -> Ask:
    """Answers by name; yes where there is none."""
    return lambda block: tuple(answers.get(name, True) for name in block)


def walk(
    driver: Driver, *events: str, at: Place | None = None, ask: Callable[[Block], Answers] = yes
) -> Place:
    """Where these events lead; each must move."""
    at = at or driver.start
    for event in events:
        outcome = driver.run(at, event, ask)
        assert outcome.at is not None, f"{event} at {at} did not move"
        at = outcome.at
    return at


def names(blocks: Iterable[tuple[Block, Answers]]) -> list[str]:
    """The questions asked, in order."""
    return [name for block, _ in blocks for name in block]


HEAD = """
id: {id}
name: {name}
category: 测试
source: 测试
confidence: 高
customer: true
"""

EVERYTHING = (
    HEAD.format(id="everything", name="什么都有")
    + """
opens_if: [account_open, no_order_in_flight]
on_stop: [release_customer]
form:
  - {name: remark, label: 备注, type: text, step: accept}
  - {name: new_name, label: 新用户名, type: text, step: accept}
  - {name: agreement_name, label: 协议名称, type: text, step: fee}
  - {name: scheme, label: 方案, type: text, step: joint}
  - {name: finding, label: 检查结论, type: text, step: inspect}
steps:
  - {id: accept, name: 受理, role: acceptance_clerk, guards: [no_arrears, not_temporary_supply], effects: [lock_customer],
     limit: {working_days: 1, source: 测试, confidence: 高}}
  - {id: survey, name: 勘查, role: surveyor, when: contract_change_needed, back: [accept],
     limit: {working_days: 3, source: 测试, confidence: 高}}
  - id: joint
    name: 会签
    role: approver
    guards: [contract_in_force]
    limit: {working_days: 5, source: 测试, confidence: 高}
    sign:
      departments:
        - {id: mkt, name: 营销, role: contract_manager}
        - {id: ops, name: 运检, role: works_manager}
        - {id: dev, name: 发展, role: scheme_drafter}
      arbitrate: arbitration
    back: [accept, survey]
    next: [{to: par}]
  - {id: arbitration, name: 仲裁, role: supervisor, back: [accept, joint], next: [{to: par}]}
  - id: par
    name: 并行
    together:
      - id: fees
        name: 费用
        steps:
          - {id: fee, name: 定费, role: fee_clerk, guards: [contract_names_new], back: [accept]}
          - {id: quote, name: 报价, role: fee_clerk, when: by_agent, next: [{to: quote, when: person_customer}, {to: pay}]}
          - {id: pay, name: 收费, role: cashier, back: [fee]}
      - id: works
        name: 工程
        steps:
          - {id: inspect, name: 检查, role: completion_inspector, on_fail: rectify, next: [{to: end}],
             limit: {working_days: 2, source: 测试, confidence: 高}}
          - {id: rectify, name: 整改, role: works_manager, next: [{to: inspect}]}
  - {id: archive, name: 归档, role: archivist, guards: [archive_approved], effects: [release_customer], back: [survey, joint, par]}
"""
)
"""A flow with everything: optional steps, joint sign-off, arbitration, groups, a loop, a step onto itself."""
