"""How the manual says where a statement comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MARKS = {"manual": "手册", "regulation": "法规", "practice": "推定"}


def origin_mark(item: Mapping[str, Any]) -> str:
    """`〔推定〕`, `〔手册 ZJ 145(1)〕` or `〔法规 供电营业规则(1996)第29条〕` for a statement or a risk."""
    return f"〔{' '.join(part for part in (MARKS[item['origin']], item['basis']) if part)}〕"


EXPLANATION = "出处：〔手册 ZJ〕浙江作业规范，〔手册 NX〕宁夏业务教程，〔法规〕法律、规章和数据规范的条款，〔推定〕按同类作业和行业常识推定，手册原文没有"
