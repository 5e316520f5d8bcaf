"""Which life of this installation it is: new at install and after a restore from backup."""

from callout.kernel.ids import uuid7
from callout.kernel.models import Installation


def epoch() -> str:
    """As a text. Phones that see another one than before send again what they still have."""
    found = Installation.objects.filter(pk=1).values_list("epoch", flat=True).first()
    if found is None:
        made, _new = Installation.objects.get_or_create(pk=1, defaults={"epoch": uuid7()})
        found = made.epoch
    return str(found)
