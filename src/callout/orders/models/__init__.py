"""Tables of the heart. Guards that Django cannot say stand in migration 0002_guards.

Copies that exist for speed (assignment of its visit, order of its current visit) are held equal
by composite foreign keys: see there.
"""

from callout.orders.models.beside import Attachment, Note, TimeEntry
from callout.orders.models.catalogue import InterventionType, Priority, Reason
from callout.orders.models.codes import Channel, Charge, Waiting
from callout.orders.models.order import OrderAsset, ServiceOrder
from callout.orders.models.views import OwnView, SavedFilter
from callout.orders.models.visit import Assignment, TimelineEntry, Visit

__all__ = [
    "Assignment",
    "Attachment",
    "Channel",
    "Charge",
    "InterventionType",
    "Note",
    "OrderAsset",
    "OwnView",
    "Priority",
    "Reason",
    "SavedFilter",
    "ServiceOrder",
    "TimeEntry",
    "TimelineEntry",
    "Visit",
    "Waiting",
]
