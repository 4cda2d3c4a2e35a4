"""Effects on the register of projects: consultations, relocations for the city."""

from __future__ import annotations

from yk.archive.codes import codes
from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts

CONSULTATION, MUNICIPAL = "01", "02"
"""Kinds of projects (code list project_type)."""


_OF_A_REPLY = ("reply_no", "reply_valid_until", "reply_signed_on", "customer_opinion", "objection")
"""Fields that are written anew for every reply."""


@effect("有过答复的再答复，版本加一", basis="前期咨询可多轮答复（flows 第 2 节）")
def number_reply(f: Facts) -> Change:
    """An objection begins another round: the next reply is a new one with the next number."""
    if not f.get("reply_no"):
        return Change()
    version = int(f.data.get("reply_version") or 1) + 1
    return Change(form={"reply_version": version, **dict.fromkeys(_OF_A_REPLY)})


@effect("项目库登记咨询项目", basis="ZJ 145；前期咨询归档影响（推定）")
def file_consultation(f: Facts) -> Change:
    """What was asked and what was answered, until when it holds; no account is made."""
    result = f.get("access_conclusion")
    row = {
        "project_id": f.case,
        "kind": CONSULTATION,
        "name": f.data.get("project_name"),
        "owner_name": f.data.get("owner_name"),
        "addr": f.data.get("project_addr"),
        "load_cap": f.data.get("conclusion_cap") or f.data.get("near_cap"),
        "conclusion": codes("access_result").get(result, "需求未明"),
        "valid_until": f.data.get("reply_valid_until"),
        "version": f.data.get("reply_version"),
        "org_no": f.data.get("org_no"),
        "app_no": f.case,
    }
    return Change(put=(("project", row),))


@effect("项目库登记迁改项目", basis="NX 名词解释（市政代工）；归档影响（推定）")
def file_relocation(f: Facts) -> Change:
    """What was moved, for whom, at what cost; no account is made."""
    row = {
        "project_id": f.case,
        "kind": MUNICIPAL,
        "name": f.data.get("project_name"),
        "owner_name": f.data.get("owner_name"),
        "addr": f.data.get("project_addr"),
        "load_cap": None,
        "conclusion": f.data.get("handover_note"),
        "valid_until": None,
        "version": 1,
        "org_no": f.data.get("org_no"),
        "app_no": f.case,
    }
    return Change(put=(("project", row),))
