from django.conf import settings
from django.db import models
from django.db.models import Q

from callout.customers.import_models import Import as Import
from callout.customers.import_models import ImportKind as ImportKind
from callout.customers.import_models import ImportRow as ImportRow
from callout.customers.import_models import ImportState as ImportState
from callout.customers.import_models import Outcome as Outcome
from callout.customers.import_models import Verdict as Verdict
from callout.customers.postcodes import covers
from callout.kernel.models import Archivable, Entity


class CustomerKind(models.TextChoices):
    COMPANY = "company"
    PERSON = "person"


class LinkRole(models.TextChoices):
    OWNER = "owner"
    OCCUPANT = "occupant"
    MANAGER = "manager"


class Address(models.Model):
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        abstract = True


class Customer(Entity, Archivable, Address):
    """Who orders: a company or a person. `bill_to` pays where another does; null: itself."""

    kind = models.CharField(max_length=8, choices=CustomerKind, default=CustomerKind.COMPANY)
    name = models.CharField(max_length=160)
    name_sort = models.CharField(max_length=200)
    vat_number = models.CharField(max_length=16, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    alert = models.CharField(max_length=500, blank=True)  # shown wherever the customer is chosen
    bill_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="billed_customers"
    )
    notes = models.TextField(blank=True)
    search = models.TextField(editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CustomerKind.values), name="customer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(bill_to__isnull=True) | ~Q(bill_to=models.F("id")),
                name="customer_bill_to_other",
            ),
        ]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="customer_by_name"),
            models.Index(fields=["phone"], name="customer_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="customer_email", condition=~Q(email="")),
            models.Index(fields=["vat_number"], name="customer_vat", condition=~Q(vat_number="")),
        ]

    def __str__(self) -> str:
        return self.name


class Site(Entity, Archivable, Address):
    """An address where work is done. `parent` holds it (a flat in a block): a tree, no cycles.

    `opening_hours`: seven lists (Monday first) of ["08:00", "12:00"] pairs; null is unknown.
    `access_code_encrypted` is read through `services.site_code_read` and nothing else.
    """

    name = models.CharField(max_length=160)
    name_sort = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    access_notes = models.TextField(blank=True)
    parking_notes = models.TextField(blank=True)
    key_notes = models.TextField(blank=True)
    access_code_encrypted = models.BinaryField(null=True, editable=False)
    opening_hours = models.JSONField(null=True, blank=True)
    search = models.TextField(editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="site_parent_other",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # A null makes a range unknown, and unknown passes a CHECK: say that both are there.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="site_position_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="site_by_name"),
            # The list of orders narrows by it, and reads the ids of a town's sites from it alone.
            models.Index(fields=["town"], name="site_by_town", include=["id"]),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Entity, Archivable):
    """A person to talk to, of a customer and perhaps of one of its sites."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(max_length=160)
    name_sort = models.CharField(max_length=200)
    job = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    notes = models.TextField(blank=True)
    search = models.TextField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "name_sort", "id"], name="contact_by_customer"),
            models.Index(fields=["name_sort", "id"], name="contact_by_name"),
            models.Index(fields=["phone"], name="contact_phone", condition=~Q(phone="")),
            models.Index(fields=["mobile"], name="contact_mobile", condition=~Q(mobile="")),
        ]

    def __str__(self) -> str:
        return self.name


class SiteLink(Entity):
    """What a customer is to a site. An order's customer must have one to the order's site."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="links")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="links")
    role = models.CharField(max_length=8, choices=LinkRole, default=LinkRole.OCCUPANT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "customer", "role"], name="site_link_once"),
            models.CheckConstraint(condition=Q(role__in=LinkRole.values), name="site_link_role"),
        ]


class Asset(Entity, Archivable):
    """A piece of equipment. It may move; past orders keep the site they were made for."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="assets")
    reference = models.CharField(max_length=80)
    reference_sort = models.CharField(max_length=120)
    kind = models.CharField(max_length=80, blank=True)
    manufacturer = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    serial_number = models.CharField(max_length=80, blank=True)
    installed_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    search = models.TextField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["reference_sort", "id"], name="asset_by_reference"),
            models.Index(fields=["site", "reference_sort", "id"], name="asset_by_site"),
            models.Index(
                fields=["serial_number"], name="asset_serial", condition=~Q(serial_number="")
            ),
        ]

    def __str__(self) -> str:
        return " ".join(word for word in (self.kind, self.reference) if word)


class AssetMove(Entity):
    """Where an asset came from and went to; written by `services.asset_move` alone."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="moves")
    from_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    to_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["asset", "-moved_at"], name="asset_move_latest")]


class Area(Entity, Archivable):
    """Where some work is: a name for postcodes, kept as people wrote them (see `postcodes`).

    How one drives from there, where it is not as everywhere: `detour_percent` of the straight line,
    at `kmh` (see `paces`).
    """

    name = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=120)
    postcodes = models.CharField(max_length=2000)
    detour_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    kmh = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(detour_percent__isnull=True) | Q(detour_percent__range=(100, 300)),
                name="area_detour_possible",
            ),
            models.CheckConstraint(
                condition=Q(kmh__isnull=True) | Q(kmh__range=(5, 200)), name="area_kmh_possible"
            ),
            models.UniqueConstraint(
                fields=["name_sort"], condition=Q(archived_at__isnull=True), name="area_once"
            ),
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="area_by_name")]

    def __str__(self) -> str:
        return self.name

    def covers(self, postcode: str) -> bool:
        """Whether a postcode lies in it; an empty one lies nowhere."""
        return covers(self.postcodes, postcode)
