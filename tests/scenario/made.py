"""Results made up for reports: one that passed, one that failed, one passed over, and what can be odd about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from yk.scenario.result import DONE, FAILED, POWER_CUT, REFUSED, WAITING, Miss, Result, Told
from yk.scenario.scenario import Place, Scenario

FILE, SHARED = "demo/坏例.yk.yaml", "demo/_公共.yk.yaml"


def scenario(name: str = "期望写错", **changes: Any) -> Scenario:
    """A scenario of the flow rename without steps, written at line 6."""
    plain = Scenario(Place(FILE, 6), name, "X-1", "rename", (), {}, (), ())
    return replace(plain, **changes)


def passed(**changes: Any) -> Result:
    """A scenario that passed in 0.214 seconds with two steps."""
    log = [
        Told(REFUSED, 1, "李婷 办理 业务受理 → 如期被拒：欠费未清", Place(FILE, 8)),
        Told(DONE, 2, "李婷 办理 业务受理 → 信息归档", Place(FILE, 9)),
    ]
    return Result(scenario(**changes), log=log, clock="2008-12-30T09:00:00+08:00", seconds=0.2142)


def failed(**changes: Any) -> Result:
    """A scenario with every mark and four expectations that did not hold."""
    log = [
        Told(REFUSED, 1, "李婷 办理 业务受理 → 如期被拒：欠费未清", Place(FILE, 8)),
        Told(POWER_CUT, 2, "办到第 2 行断电", Place(FILE, 9)),
        Told(FAILED, 3, "李婷 办理 业务受理", Place(SHARED, 18)),
        Told(WAITING, 4, "王五 办理 信息归档", Place(FILE, 10)),
    ]
    misses = [
        Miss("状态", "合同变更", "业务受理", Place(FILE, 10), "可走“受理”到 合同变更，被 本户欠费已清 挡住"),
        Miss("档案.1016016838.户名", "银川雪花啤酒厂", "新城啤酒厂家属区" * 40, Place(FILE, 11)),
        Miss("发现", {"规则": "A-1", "数": 2}, None, Place(SHARED, 3)),
        Miss("时限.锁", True, [1, 2]),
    ]
    history = ["2008-12-30T09:00 李婷 登记 更名 010812304412"]
    return Result(
        scenario(**changes),
        passed=False,
        title="结果有 4 处不符",
        misses=misses,
        log=log,
        history=history,
        clock="2008-12-30T09:00",
        seconds=0.05,
    )


def skipped() -> Result:
    """A scenario that was not run."""
    return Result(scenario("等口径", skip="等省公司口径"), skipped="等省公司口径")


def known_to_fail() -> Result:
    """A scenario that failed as it is known to."""
    return failed(xfail="BUG-1 尚未修好")


def no_longer_failing() -> Result:
    """A scenario that is known to fail and did not."""
    return passed(xfail="BUG-1 尚未修好")
