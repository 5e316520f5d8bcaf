"""Bytes on their way up, and the photos that they become."""

from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """A file that a user's phone sends in parts, by its hash. A hash is no permission: each user
    sends their own. The parts lie on disk until they are whole, checked, and made an attachment."""

    RECEIVING, WHOLE, KEPT, REFUSED = "receiving", "whole", "kept", "refused"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(
        max_length=9,
        choices=[(k, k) for k in (RECEIVING, WHOLE, KEPT, REFUSED)],
        default=RECEIVING,
    )
    words = models.CharField(max_length=200, blank=True)  # why it was refused
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sha256"], name="upload_once")]
        indexes = [models.Index("updated_at", name="upload_age", condition=~Q(state="kept"))]


class VisitPhoto(models.Model):
    """A photo or file of a visit: announced by its command, an attachment once its bytes came."""

    TAGS = ("before", "after", "absent", "other", "checklist")

    id = models.UUIDField(primary_key=True)  # made on the phone
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="+")
    visit = models.ForeignKey("orders.Visit", models.PROTECT, related_name="photos")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    item = models.ForeignKey("fieldwork.ChecklistItem", models.PROTECT, null=True, related_name="+")
    tag = models.CharField(max_length=9, choices=[(k, k) for k in TAGS], default="other")
    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)  # as sent; what is kept has another
    size = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField()
    attachment = models.OneToOneField(
        "orders.Attachment", models.PROTECT, null=True, related_name="+"
    )
    words = models.CharField(max_length=200, blank=True)  # why its bytes were refused
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("user", "sha256", name="photo_bytes"),
            models.Index("announced_at", name="photo_missing", condition=Q(attachment=None)),
        ]
