"""What others have told, kept for a while. Nothing of it is anybody's work: it may all be lost."""

from django.db import models


class DrivesKept(models.Model):
    """The drives from one place, in the form of `kept_drives.PAIR`: a row for each drive would be
    three million rows of a day with 1,600 orders."""

    server = models.CharField(max_length=16)  # which routing server said so: see `asking.Server`
    origin = models.BigIntegerField()  # see `kept_drives.cell`
    drives = models.BinaryField()
    kept_at = models.DateTimeField()  # the newest of them

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "origin"], name="travel_drives_once")
        ]
        indexes = [models.Index(fields=["kept_at"], name="travel_drives_by_age")]


class LineKept(models.Model):
    """The road from one place to another. Without a road `seconds` is negative."""

    server = models.CharField(max_length=16)
    origin = models.BigIntegerField()
    target = models.BigIntegerField()
    seconds = models.IntegerField()
    metres = models.IntegerField()
    points = models.BinaryField()  # see `kept_lines`
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "origin", "target"], name="travel_line_once")
        ]
        indexes = [models.Index(fields=["kept_at"], name="travel_lines_by_age")]


class FoundKept(models.Model):
    """What a geocoder found for an address, by the hash of what was typed: positions, and the names
    that its map has for them, which say as much as the address does."""

    key = models.CharField(primary_key=True, max_length=64)
    found = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="travel_found_by_age")]


class Turn(models.Model):
    """When a server that wants to be asked slowly may be asked next, whoever asks."""

    server = models.CharField(primary_key=True, max_length=16)
    next_at = models.DateTimeField()
