"""Values that are fixed: an order's codes, and the lifecycle's as a column knows them."""

from django.db import models

from callout.orders.lifecycle import Outcome, Stage, Status


def choices(values: type[Status] | type[Stage] | type[Outcome]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Waiting(models.TextChoices):
    PART = "part"
    CUSTOMER = "customer"
    ACCESS = "access"
    APPROVAL = "approval"
    WEATHER = "weather"


class Channel(models.TextChoices):
    PHONE = "phone"
    EMAIL = "email"
    FORM = "form"
    VISIT = "visit"
    INTERNAL = "internal"


class Charge(models.TextChoices):
    CHARGEABLE = "chargeable"
    WARRANTY = "warranty"
    CONTRACT = "contract"
    GOODWILL = "goodwill"
