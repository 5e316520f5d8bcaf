from django.db.models import OuterRef, Subquery
from django.db.models.expressions import BaseExpression

from callout.workforce.models import Technician


def technician_of(user_column: str) -> BaseExpression:
    """The technician that a user is, within the query that reads the user: see accounts."""
    rows = Technician.objects.filter(user_id=OuterRef(user_column), archived_at=None)
    return Subquery(rows.values("pk")[:1])
