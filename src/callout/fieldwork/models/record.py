"""The record of the work: what was checked, used, written, signed, and where the technician was."""

from django.db import models

from callout.kernel.models import Archivable, Entity


class ChecklistItem(Entity, Archivable):
    """A line of the checklist of a type of intervention. `required` ones guard Complete.

    A number has `low` and `high`, both included, either may be open; a choice has `choices`.
    """

    TICK, NUMBER, TEXT, CHOICE, PHOTO = "tick", "number", "text", "choice", "photo"
    KINDS = [(k, k) for k in (TICK, NUMBER, TEXT, CHOICE, PHOTO)]

    type = models.ForeignKey("orders.InterventionType", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=KINDS, default=TICK)
    required = models.BooleanField(default=False)
    low = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    high = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    unit = models.CharField(max_length=16, blank=True)
    choices = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index("type", "position", name="checklist_type")]


class ChecklistAnswer(models.Model):
    """What was found for one line on one visit; the last one said stands, the journal has all.

    `value`: true or false, a number as text, words, one of the choices; a photo has its own row.
    `asked` is the line's text as it was answered: the template may be worded anew.
    """

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey("orders.Visit", models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    asked = models.CharField(max_length=200)
    value = models.JSONField()
    at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="checklist_answer_once"),
        ]


class PartLine(models.Model):
    """Something used on a visit: text, quantity, unit. Taken back, never deleted."""

    id = models.UUIDField(primary_key=True)  # made on the phone
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="parts")
    visit = models.ForeignKey("orders.Visit", models.PROTECT, null=True, related_name="parts")
    text = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)


class WorkReport(models.Model):
    """The technician's words on a visit, for the customer's report; and why nobody signed."""

    visit = models.OneToOneField(
        "orders.Visit", models.PROTECT, primary_key=True, related_name="report"
    )
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    unsigned_because = models.CharField(max_length=200, blank=True)


class Signature(models.Model):
    """The customer's signature, and the exact bytes that they read: stored as sent, for ever.

    `seal` is a text made once on the phone (a JSON with the facts, the hashes of photos and of the
    signature, name and time); its SHA-256 is in the journal, and 10 characters of it on the report.
    """

    id = models.UUIDField(primary_key=True)  # of its command
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="signatures")
    visit = models.ForeignKey("orders.Visit", models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=120)
    seal = models.TextField()
    seal_sha256 = models.CharField(max_length=64)
    image = models.BinaryField()  # PNG, written anew
    image_sha256_sent = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    device = models.ForeignKey("accounts.Device", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["visit", "-signed_at"], name="signature_visit")]


class Position(models.Model):
    """Where a technician was, on duty and with consent; forgotten after 60 days."""

    id = models.BigAutoField(primary_key=True)
    technician = models.ForeignKey("workforce.Technician", models.CASCADE, related_name="+")
    visit = models.ForeignKey("orders.Visit", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy = models.FloatField(null=True)  # metres

    class Meta:
        constraints = [models.UniqueConstraint(fields=["technician", "at"], name="position_once")]
        indexes = [models.Index("at", name="position_age")]
