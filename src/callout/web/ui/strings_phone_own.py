"""Words of the page "Sending and phone": what waits, what became of it, and the phone itself."""

from django.utils.translation import gettext as _


def own_texts() -> dict[str, str]:
    """The texts of that page, by their key."""
    return {**_sending(), **_entries(), **_agreed(), **_phone()}


def _sending() -> dict[str, str]:
    return {
        "phone.sending": _("Sending and phone"),
        "phone.state.calm": _("Everything has been sent"),
        "phone.state.waiting": _("Sending"),
        "phone.state.offline": _("Waiting for a signal"),
        "phone.state.signed_out": _("Waiting for you to sign in"),
        "phone.send_now": _("Send now"),
        "phone.waiting": _("Not sent yet"),
        "phone.look": _("On the office’s desk"),
        "phone.refused": _("Not carried out"),
        "phone.refused.more": _("The reason stands with it. If it still counts, enter it again."),
        "phone.refused_here": _("Entries of yours that were not carried out: %(count)s. See why"),
        "phone.looked": _("Entries of yours that the office decides on: %(count)s. See which"),
        "phone.look.more": _("The office has these, and decides. Nothing of them is lost."),
        "phone.why.soon": _("goes out now"),
        "phone.why.signal": _("waits for a signal"),
        "phone.why.signed_out": _("waits for you to sign in"),
        "phone.decided": _("Decided by the office"),
        "phone.decided.happened": _("It happened, and is entered."),
        "phone.decided.note": _("Kept as a note."),
    }


def _entries() -> dict[str, str]:
    return {
        "phone.entry.undo": _("Taken back"),
        "phone.entry.correct": _("Time corrected"),
        "phone.entry.see": _("Seen"),
        "phone.entry.notice_seen": _("Seen"),
        "phone.entry.note": _("Note"),
        "phone.entry.photo": _("Photo or file"),
        "phone.entry.photo_remove": _("Photo removed"),
        "phone.entry.answer": _("Checklist"),
        "phone.entry.part": _("Part"),
        "phone.entry.part_remove": _("Part removed"),
        "phone.entry.report": _("Report"),
        "phone.entry.hours": _("Hours"),
        "phone.entry.sign": _("Signature"),
        "phone.entry.cannot_sign": _("Customer cannot sign"),
        "phone.entry.found": _("Found something else"),
    }


def _agreed() -> dict[str, str]:
    return {
        "phone.position.title": _("Where you are"),
        "phone.position.more": _(
            "If you agree, the office sees where you are while this app is open and you are on "
            "your way, on site or working. Never in a break, never off duty. Kept %(days)s days."
        ),
        "phone.position.agree": _("The office may see where I am"),
        "phone.position.shared": _("Your position is shared now"),
        "phone.position.not_shared": _("Your position is not shared now"),
        "phone.push": _("Messages"),
        "phone.push.more": _("New, moved and cancelled work, in your working hours only."),
        "phone.push.on": _("Messages come to this phone"),
        "phone.push.start": _("Send me messages"),
        "phone.push.stop": _("No messages"),
        "phone.push.refused": _("The phone does not allow messages. Its settings can."),
    }


def _phone() -> dict[str, str]:
    return {
        "phone.own": _("This phone"),
        "phone.own.who": _("Signed in"),
        "phone.own.device": _("Phone"),
        "phone.own.version": _("Version"),
        "phone.theme": _("Theme"),
        "phone.theme.system": _("As the device"),
        "phone.theme.light": _("Light"),
        "phone.theme.dark": _("Dark"),
        "phone.language": _("Language and password"),
        "phone.language.more": _("They stand in your profile. It needs a signal."),
        "phone.sign_out": _("Sign out"),
        "phone.sign_out.unsent_one": _(
            "One entry has not been sent. Signing out wipes it from this phone."
        ),
        "phone.sign_out.unsent": _(
            "%(count)s entries have not been sent. Signing out wipes them from this phone."
        ),
        "phone.sign_out.send_first": _("Send them first"),
        "phone.sign_out.anyway": _("Sign out and lose them"),
    }
