"""What is written under leave to correct (档案管理功能授权): every field on record, what billing has to look at again."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.corrections import BILLING, kind_of
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.correcting import written
from yk.flows.effects.tasks import REPRICING, task
from yk.flows.facts import Facts
from yk.flows.guards.correcting import READS, account_of, corrections, with_old_values


@effect("按授权逐字段更正档案并留痕", basis="大连数据质量核查办法第十二条 2", reads=READS)
def apply_granted_corrections(f: Facts) -> Change:
    """Each correction is one field of one row, kept before and after; where money or measuring depends on it the account's
    bills are looked at again."""
    put = written(f)
    billing = dict.fromkeys(account_of(f, row) for row in corrections(f) if kind_of(row) == BILLING)
    due = months_on(f.today, 1)
    text = f"按授权 {f.case} 更正了计费档案，核算复核"
    put += [task(f, REPRICING, text, due=due, remind=f.today, cons_no=cons_no) for cons_no in billing]
    return Change(put=tuple(put), form={"corrections": with_old_values(f)})
