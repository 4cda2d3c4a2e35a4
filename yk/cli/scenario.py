"""`yk scenario`: scenarios that are tests, demonstrations and exams."""

from __future__ import annotations

from yk.cli import (
    scenario_cover,
    scenario_exam,
    scenario_make,
    scenario_play,
    scenario_record,
    scenario_run,
)
from yk.cli.lazy import group

COMMANDS = (
    *scenario_run.COMMANDS,
    *scenario_cover.COMMANDS,
    *scenario_make.COMMANDS,
    *scenario_play.COMMANDS,
    *scenario_record.COMMANDS,
    *scenario_exam.COMMANDS,
)


@group("scenario", help="场景：同一个文件既是测试，也是演示和考试；用真引擎，不碰真库。")
def scenario() -> None:
    """Scenarios."""


for one in COMMANDS:
    scenario.add_command(one)
