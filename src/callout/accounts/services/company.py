from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from callout.accounts import hooks, policy, values
from callout.accounts.company import KEPT
from callout.accounts.models import COMPANY_ID, Company
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, service
from callout.kernel.errors import Invalid


class CompanyChanges(TypedDict, total=False):
    """What may be changed of the company; what is left out stays."""

    name: str
    time_zone: str
    language: str
    currency: str
    country: str
    number_prefix: str
    number_digits: int
    phone: str
    email: str
    vat_number: str
    street: str
    postcode: str
    town: str


def company_lock(version: int | None = None) -> Company:
    """The company's row, for this transaction alone; made where there is none yet. Conflict if
    `version` is given and it has another one."""
    Company.objects.get_or_create(pk=COMPANY_ID)
    return row_lock(Company.objects.all(), COMPANY_ID, version)


@service
def company_update(
    *,
    actor: Actor,
    version: int | None = None,
    zone_confirmed: bool = False,
    **given: Unpack[CompanyChanges],
) -> Company:
    """The company's name, address, time zone, currency, and how its numbers look.

    Another time zone moves nothing, but what is planned is then shown at other hours than people
    were told: refused, unless that was read and is meant (`zone_confirmed`).
    """
    policy.administer(actor)
    row = company_lock(version)
    old_zone = row.time_zone
    changed = fields_set(row, _clean(given, row))
    values.fields_checked(row, given)
    if "time_zone" in changed and not zone_confirmed:
        words = hooks.zone_words(old_zone, row.time_zone)
        if words:
            raise Invalid({"time_zone": words})
    if not changed:
        return row
    row_save(row, changed)
    KEPT.changed()
    journal.record(
        actor,
        entity="company",
        entity_id=row.pk,
        kind="updated",
        facts={"fields": changed},
    )
    return row


@service
def first_steps_put_away(*, actor: Actor) -> None:
    """The list of first steps shows no more, to anybody. By whoever works in the office."""
    policy.staff(actor)
    row = company_lock()
    if row.first_steps_away:
        return
    row.first_steps_away = True
    row_save(row, ["first_steps_away"])
    KEPT.changed()
    journal.record(actor, entity="company", entity_id=row.pk, kind="first_steps_put_away")


def _clean(given: CompanyChanges, row: Company) -> dict[str, object]:
    clean: dict[str, object] = {
        key: values.line(value) if isinstance(value, str) else value for key, value in given.items()
    }
    for key in ("currency", "country"):
        if key in clean:
            clean[key] = str(clean[key]).upper()
    if "email" in clean:
        clean["email"] = str(clean["email"]).lower()
    wrong = values.company_words(clean)
    if "phone" in clean:
        try:
            clean["phone"] = values.phone(
                str(clean["phone"]), str(clean.get("country", row.country))
            )
        except ValueError:
            wrong["phone"] = [_("This is not a telephone number.")]
    if wrong:
        raise Invalid(wrong)
    return clean
