"""The company's facts, for whoever formats a number, a price or an hour. They are no secret."""

from callout.accounts.models import COMPANY_ID, Company
from callout.kernel.kept import Kept

KEPT = Kept(lambda: Company.objects.filter(pk=COMPANY_ID).first() or Company())


def company() -> Company:
    """The company as it stands (at most five seconds old). Read it; never save it."""
    return KEPT.get()
