"""Conditions that a yes-or-no field of the form answers: which optional steps an order goes through."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import Condition, add_condition


def _flag(name: str, field: str, label: str, otherwise: bool = False) -> None:
    """A condition that holds when `field` is yes; `otherwise` is the answer while nobody has said."""

    def check(f: Facts) -> bool:
        value = f.data.get(field)
        return otherwise if value is None else bool(value)

    add_condition(
        Condition(
            name,
            label,
            (),
            check,
            yes=lambda f: Change(form={field: True}),
            no=lambda f: Change(form={field: False}),
            field=field,
        )
    )


_flag("external_works_planned", "external_works", "有外部供电工程")
_flag("client_works_planned", "client_works", "有客户受电工程")
_flag("hidden_works_present", "hidden_works", "有隐蔽工程")
_flag("design_review_needed", "design_review_needed", "设计文件须送审")
_flag("meter_work_needed", "meter_work_needed", "计量装置须装换拆")
_flag("terminal_work_needed", "terminal_work_needed", "采集终端须装拆")
_flag("scheme_reply_needed", "scheme_reply_needed", "须答复供电方案")
_flag("follow_up_chosen", "follow_up_chosen", "列入回访", otherwise=True)
_flag("survey_needed", "survey_needed", "须现场勘查", otherwise=True)
_flag("mixed_use_present", "mixed_use", "两种用途混用一只表")
_flag("tou_changed", "change_tou", "一并改分时")
_flag("basic_fee_changed", "change_basic_fee", "一并改容（需）量电费计法")
_flag("violation_found", "violation_found", "现场发现违约用电或窃电")
_flag("own_source_present", "own_source", "有自备电源或分布式电源")
_flag("infeasible", "infeasible", "不具备供电条件")
_flag("energy_heavy", "energy_heavy", "属高耗能、高排放项目")
_flag("prepaid_supply", "prepay", "预购电")
_flag("fee_expected", "fee_expected", "可能有业务费")
_flag("households_now", "households_now", "随即办各户批量新装")
_flag("record_changed", "record_changed", "设备台账有改动")
_flag("filing_due", "transfer", "窃电达立案标准须移送")
