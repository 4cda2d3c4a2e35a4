"""The desk: the one door to work orders. Every call is one transaction around engine and store."""

from yk.desk.desk import Desk
from yk.desk.order import WorkOrder

__all__ = ["Desk", "WorkOrder"]
