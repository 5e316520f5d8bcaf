"""Words of the work record on the phone: checklist, photos, parts, report, times, signature."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def record_texts() -> dict[str, str]:
    """The texts of the record's pages, by their key."""
    return {**_checklist(), **_photos(), **_written(), **_times(), **_signature()}


def _checklist() -> dict[str, str]:
    return {
        "phone.record": _("Work record"),
        "phone.record.checklist": _("Checklist"),
        "phone.record.photos": _("Photos"),
        "phone.record.parts": _("Parts"),
        "phone.record.report": _("Report"),
        "phone.record.times": _("Times"),
        "phone.record.sign": _("Signature"),
        "phone.check.none": _("No checklist for this kind of work"),
        "phone.check.missing": _("Still to do before Complete: %(count)s"),
        "phone.check.must": pgettext("of a checklist", "required"),
        "phone.check.must_yes": _("Answered no: Complete needs a yes here. Else: not finished."),
        "phone.check.required": _("This is needed before Complete."),
        "phone.check.between": _("%(from)s to %(to)s %(unit)s"),
        "phone.check.from": _("from %(from)s %(unit)s"),
        "phone.check.to": _("up to %(to)s %(unit)s"),
        "phone.check.not_number": _("This is not a number."),
        "phone.check.outside": _("Not within %(range)s. It is not kept yet."),
        "phone.missing": _("Not yet complete"),
        "phone.missing.go": _("To the checklist"),
    }


def _photos() -> dict[str, str]:
    return {
        "phone.photo.before": _("Before"),
        "phone.photo.after": _("After"),
        "phone.photo.other": _("Other"),
        "phone.photo.take": _("Take a photo"),
        "phone.photo.take.before": _("Photo before"),
        "phone.photo.take.after": _("Photo after"),
        "phone.photo.take.other": _("Other photo"),
        "phone.photo.gallery": _("From the phone"),
        "phone.photo.choose": _("Choose files"),
        "phone.photo.kinds": _("Photos, PDF, office documents, text; 25 MB at most"),
        "phone.photo.open": _("Open %(name)s"),
        "phone.photo.remove": _("Remove %(name)s"),
        "phone.photo.remove.really": _("Remove it"),
        "phone.photo.removed": _("Removed"),
        "phone.photo.sending": _("Sending %(name)s"),
        "phone.photo.keeping": _("Keeping the photo"),
    }


def _written() -> dict[str, str]:
    return {
        "phone.written.missing": _("Write a few words."),
        "phone.note": _("Note"),
        "phone.note.label": _("For everybody on the order"),
        "phone.note.save": _("Add note"),
        "phone.note.kept": _("Note added"),
        "phone.found": _("Found something else"),
        "phone.found.order": _("A new order"),
        "phone.found.note": _("A note to the office"),
        "phone.found.order.more": _("It is linked to this one and waits to be planned."),
        "phone.found.note.more": _("It stands with this order, for the office."),
        "phone.found.label": _("What you found"),
        "phone.found.save": _("Tell the office"),
        "phone.found.kept": _("The office will know"),
        "phone.parts.none": _("No parts yet"),
        "phone.parts.none.more": _("What you use here is invoiced from this list."),
        "phone.parts.add": _("Add a part"),
        "phone.part.edit": _("Part"),
        "phone.part.what": _("What"),
        "phone.part.quantity": _("Quantity"),
        "phone.part.unit": _("Unit"),
        "phone.part.unit.example": _("pieces, m, kg"),
        "phone.part.how_many": _("A number above 0, with 2 decimals at most."),
        "phone.part.remove": _("Remove this part"),
        "phone.report.what": _("What was done, and how it is left"),
        "phone.report.who": _("The customer reads this"),
        "phone.report.saved": _("Report saved"),
    }


def _times() -> dict[str, str]:
    return {
        "phone.times.measured": _("measured"),
        "phone.times.by_hand": _("entered by hand"),
        "phone.times.waiting": _("Hours of yours that are not counted yet: %(count)s. See why"),
        "phone.times.none": _("No times yet"),
        "phone.times.none.more": _("They are measured from your taps."),
        "phone.times.add": _("Add hours"),
        "phone.hours_by_hand": _("My hours"),
        "phone.hours.kind": _("Kind"),
        "phone.hours.from": _("From"),
        "phone.hours.to": _("To"),
        "phone.hours.order": _("The end comes after the start."),
        "phone.hours.kept": _("Hours added"),
    }


def _signature() -> dict[str, str]:
    return {
        "phone.sign.result": _("Result"),
        "phone.sign.photo_one": _("1 photo"),
        "phone.sign.photos": _("%(count)s photos"),
        "phone.sign.nothing": _("Nothing has been recorded yet."),
        "phone.sign.by": _("Signed by"),
        "phone.sign.name_missing": _("Write the name of who signs."),
        "phone.sign.pad": _("Sign here with a finger"),
        "phone.sign.pad_missing": _("Nothing is signed yet. If the customer cannot, say so below."),
        "phone.sign.finger": _("Signed with a finger, %(day)s"),
        "phone.sign.clear": _("Clear"),
        "phone.sign.confirm": _("I confirm the work described above."),
        "phone.sign.report_to": _("The report goes to %(email)s."),
        "phone.sign.and_complete": _("Sign and complete"),
        "phone.sign.sign": _("Sign"),
        "phone.sign.cannot": _("Customer cannot sign"),
        "phone.sign.unsigned": _("Not signed: %(why)s"),
        "phone.cannot_sign": _("Customer cannot sign"),
        "phone.cannot_sign.label": _("Why"),
        "phone.cannot_sign.save": _("Complete without signature"),
        "phone.cannot.away": _("Nobody was there at the end"),
        "phone.cannot.hands": _("Cannot sign on a screen"),
        "phone.cannot.no_wish": _("Does not wish to sign"),
        "phone.sealed": _("Signed and sealed"),
        "phone.sealed.when": _("When"),
        "phone.sealed.mark": _("Mark on the report"),
        "phone.sealed.now": _("As it stands now"),
        "phone.sealed.changed": _("Changed after signing"),
    }
