"""Words of the technician's app: the shell carries them, and the phone keeps them with it.

One dictionary for each part of frontend/src/technician; a test holds them to what it uses.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.web.ui.strings_phone_own import own_texts
from callout.web.ui.strings_phone_record import record_texts


def phone_texts() -> dict[str, str]:
    """Every text of frontend/src/technician, by its key."""
    return {
        **_frame(),
        **_banners(),
        **_marks(),
        **_start(),
        **_day(),
        **_visit(),
        **_happened(),
        **_doing(),
        **_when(),
        **_late(),
        **own_texts(),
        **record_texts(),
    }


def _frame() -> dict[str, str]:
    return {
        "phone.my": _("My interventions"),
        "phone.to_content": _("To the content"),
        "phone.to_office": _("To the office"),
        "phone.back": _("Back"),
        "phone.close": _("Close"),
        "phone.save": _("Save"),
        "phone.undo": _("Undo"),
        "phone.yes": _("Yes"),
        "phone.no": _("No"),
        "phone.minutes": _("%(count)d min"),
        "phone.hours": _("%(count)d h"),
        "phone.days": _("%(count)d d"),
        "phone.of": _("%(count)s of %(all)s"),
        "phone.just_now": _("just now"),
        "phone.ago": _("%(age)s ago"),
        "phone.needs_signal": _("needs a signal"),
        "phone.as_of": _("Last contact with the office: %(time)s"),
        "phone.never": _("No contact with the office yet"),
    }


def _banners() -> dict[str, str]:
    return {
        "phone.banner.offline": _("No signal. Carry on: everything you need is on this phone."),
        "phone.banner.offline_one": _(
            "No signal. Carry on: 1 tap is safe on this phone and goes out by itself."
        ),
        "phone.banner.offline_many": _(
            "No signal. Carry on: %(count)s taps are safe on this phone and go out by themselves."
        ),
        "phone.banner.full": _(
            "This phone is full. What you entered before is safe; send it to make room."
        ),
        "phone.banner.old": _("Something has been waiting for %(age)s to be sent."),
        "phone.banner.look": _("Look"),
        "phone.banner.signed_out": _("You are signed out. Sign in to see what is new."),
        "phone.banner.signed_out_one": _(
            "You are signed out. 1 tap is safe here and goes out once you have signed in."
        ),
        "phone.banner.signed_out_unsent": _(
            "You are signed out. %(count)s taps are safe here and go out once you have signed in."
        ),
        "phone.banner.new_version": _("A new version is ready."),
        "phone.banner.restart": _("Take it"),
    }


def _marks() -> dict[str, str]:
    return {
        "phone.marks": _("What the marks mean"),
        "phone.mark.on_phone": _("on phone"),
        "phone.mark.on_phone.more": _("safe here, waiting for signal"),
        "phone.mark.received": pgettext("sync mark", "received"),
        "phone.mark.received.more": _("the office server has it"),
        "phone.mark.applied": _("applied"),
        "phone.mark.applied.more": _("done, everyone sees it"),
        "phone.mark.needs_look": _("needs a look"),
        "phone.mark.needs_look.more": _("not done yet: it says why, and who decides"),
        "phone.error.storage_full": _(
            "This phone is full: this was not kept. Send what waits, or make room, then try again."
        ),
        "phone.error.file_too_large": _("This file is larger than 40 MB."),
        "phone.error.not_a_photo": _("This cannot be read as a photo."),
        "phone.error.no_connection": _("No connection. Try again where there is a signal."),
        "phone.error.no_technician": _("This page is for technicians."),
        "phone.error.not_here": _("This is not on the phone any more."),
    }


def _start() -> dict[str, str]:
    return {
        "phone.sign_in": _("Sign in"),
        "phone.first.start": _("Your work, with or without a signal"),
        "phone.first.start.more": _(
            "Sign in once. From then on everything is on this phone, in flight mode too."
        ),
        "phone.first.offline": _("No signal"),
        "phone.first.offline.more": _("To sign in for the first time this phone needs a signal."),
        "phone.first.again": _("Try again"),
        "phone.first.no_technician": _("This page is for technicians"),
        "phone.first.no_technician.more": _("Who is signed in here is no technician."),
        "phone.first.deactivated": _("This account has been ended"),
        "phone.first.deactivated.more": _(
            "What was still on this phone has been handed to the office."
        ),
        "phone.first.lost": _("This phone was reported lost"),
        "phone.first.lost.more": _("Everything on it has been cleared. Sign in to use it again."),
        "phone.fetching": _("Fetching your work"),
        "phone.fetching.offline": _("Your work is not here yet"),
        "phone.fetching.more": _("It appears by itself as soon as the office has answered."),
        "phone.ready": _("Ready for offline"),
        "phone.not_ready": _("Getting ready for offline"),
        "phone.install": _("Have it on your home screen"),
        "phone.install.more": _("It opens like any other app, with or without a signal."),
        "phone.install.ios": _("Tap the share button, then “Add to Home Screen”."),
        "phone.install.do": _("Install"),
        "phone.install.not_now": _("Not now"),
        "phone.gone": _("This visit is not yours any more"),
        "phone.gone.more": _("The office has planned it differently. What you entered is kept."),
    }


def _day() -> dict[str, str]:
    return {
        "phone.day_strip": _("Days"),
        "phone.today": _("today"),
        "phone.free": _("nothing planned"),
        "phone.nothing": _("Nothing planned for you: %(day)s"),
        "phone.nothing.more": _("What the office plans for you appears here by itself."),
        "phone.next_day": _("Next: %(day)s"),
        "phone.leg": _("%(km)s km · %(minutes)s min, estimate"),
        "phone.new": pgettext("not seen yet", "New"),
        "phone.absent": _("absent x%(count)s"),
        "phone.helping": _("helping"),
        "phone.outcome.done": _("Done"),
        "phone.outcome.customer_absent": _("Customer absent"),
        "phone.outcome.handed_back": _("Not finished"),
        "phone.outcome.unplanned": _("Unplanned"),
        "phone.outcome.cancelled": _("Cancelled"),
        "phone.notices": _("What changed"),
        "phone.notice.seen": _("Seen: %(number)s"),
        "phone.notices.all_seen": _("All seen (%(count)s)"),
        "phone.search": _("Search my work"),
        "phone.search.what": _("Customer, number, street, asset"),
        "phone.search.count": _("%(count)s found"),
        "phone.search.none": _("Nothing found on this phone"),
        "phone.search.none.more": _("It holds your work from 2 days back to 7 days ahead."),
    }


def _visit() -> dict[str, str]:
    return {
        "phone.more": _("More actions"),
        "phone.expected": _("Expected to be done at %(time)s"),
        "phone.promise": _("Promised to the customer: %(slot)s"),
        "phone.where": _("Where"),
        "phone.navigate": _("Navigate there"),
        "phone.position": _("Position %(position)s"),
        "phone.grid": _("grid: 1 km"),
        "phone.call": _("Call %(name)s, %(number)s"),
        "phone.message": _("Message to %(name)s, %(number)s"),
        "phone.asset.past_one": _("1 past visit"),
        "phone.asset.past": _("%(count)s past visits"),
        "phone.asset.open": _("Past visits of %(name)s"),
        "phone.good_to_know": _("Good to know"),
        "phone.code": _("Access code"),
        "phone.code.from": _("from %(day)s"),
        "phone.code.show": _("Show"),
        "phone.code.offline": _("can be shown where there is a signal"),
        "phone.wish": _("The customer would like"),
        "phone.with_you": _("With you"),
        "phone.notes": _("Notes"),
        "phone.files": _("Files of the office"),
        "phone.file.offline": _("%(name)s, opens where there is a signal"),
        "phone.file.signal": _("This opens where there is a signal."),
        "phone.attempts": _("Earlier attempts"),
        "phone.earlier": _("Earlier here"),
        "phone.earlier.all": _("All %(count)s earlier ones"),
        "phone.earlier.none": _("Nothing earlier"),
        "phone.steps": _("What happened"),
        "phone.step.by": _("%(action)s by %(name)s"),
        "phone.step.longer": _("%(action)s +%(time)s"),
        "phone.step.corrected": _("corrected, was %(time)s"),
        "phone.step.uncertain": _("time uncertain"),
        "phone.step.correct": _("Correct the time: %(action)s"),
        "phone.timer": _("Running time"),
        "phone.since": _("since %(time)s"),
        "phone.kind.travel": _("Travel"),
        "phone.kind.work": _("Work"),
        "phone.kind.break": pgettext("technician status", "Break"),
        "phone.kind.other": _("Other"),
    }


def _happened() -> dict[str, str]:
    """Each step once it is done; its button says what to do."""
    return {
        "phone.happened.plan": pgettext("what happened", "Planned"),
        "phone.happened.plan_another": pgettext("what happened", "Planned"),
        "phone.happened.replan": _("Planned anew"),
        "phone.happened.extend": _("Running late"),
        "phone.happened.unplan": _("Unplanned"),
        "phone.happened.depart": _("Departed"),
        "phone.happened.arrive": _("Arrived"),
        "phone.happened.start_work": _("Work started"),
        "phone.happened.break": pgettext("what happened", "Break"),
        "phone.happened.resume": _("Resumed"),
        "phone.happened.turn_back": _("Turned back"),
        "phone.happened.hand_back": _("Not finished"),
        "phone.happened.customer_absent": _("Customer absent"),
        "phone.happened.complete": _("Completed"),
        "phone.happened.cancel": _("Cancelled"),
        "phone.happened.reopen": _("Reopened"),
        "phone.happened.reopen_and_plan": _("Reopened and planned"),
        "phone.happened.apply_late_report": _("Late report applied"),
    }


def _doing() -> dict[str, str]:
    return {
        "phone.quick.photo": _("Photo"),
        "phone.quick.note": _("Note"),
        "phone.quick.parts": _("Parts"),
        "phone.quick.absent": _("Absent"),
        "phone.quick.not_finished": _("Not finished"),
        "phone.quick.late": pgettext("running late", "Late"),
        "phone.quick.hours": _("Hours"),
        "phone.helper": _("You help here: the responsible technician moves the status."),
        "phone.done": _("%(action)s, %(number)s"),
        "phone.undone": _("Taken back"),
        "phone.corrected": _("Now at %(time)s"),
        "phone.menu.undo": _("Undo: %(action)s"),
        "phone.menu.cancel": _("Customer cancels"),
        "phone.menu.forgotten": _("It happened at another time…"),
        "phone.menu.found": _("Found something else…"),
        "phone.menu.hours": _("My hours…"),
        "phone.menu.call_office": _("Call the office"),
        "phone.reason.why": _("Why"),
        "phone.reason.note": _("Note"),
        "phone.reason.wanted": _("Choose a reason or write a note."),
        "phone.absent.proof": _("Photo as proof"),
        "phone.absent.place": _("Your place goes with it."),
        "phone.absent.no_place": _("Without your place: the phone does not say where it is."),
    }


def _when() -> dict[str, str]:
    return {
        "phone.when": _("When"),
        "phone.when.now": _("now, unless you change it"),
        "phone.when.true": _("When it truly happened"),
        "phone.when.missing": _("Choose a day and an hour."),
        "phone.when.future": _("This is still to come."),
        "phone.when.other_day": _("Only within the day: %(day)s."),
        "phone.when.before": _("Not before “%(action)s” at %(time)s."),
        "phone.when.after": _("Not after “%(action)s” at %(time)s."),
        "phone.when.too_early": _("Not before the last step there."),
        "phone.forgotten": _("A forgotten tap"),
        "phone.forgotten.what": _("What happened"),
        "phone.forgotten.more": _("Both times are kept: when it happened and when you said so."),
        "phone.correct.more": _("The first time is kept beside it, for everybody to see."),
    }


def _late() -> dict[str, str]:
    return {
        "phone.late": _("Running late"),
        "phone.late.more": _("Done by %(time)s as things stand. The office sees how much later."),
        "phone.late.by": _("+%(count)s min"),
        "phone.late.until": _("until %(time)s"),
        "phone.elsewhere": _("Still at %(name)s?"),
        "phone.elsewhere.on_the_way": _("Still on the way to %(name)s?"),
        "phone.elsewhere.more": _("%(number)s is on “%(status)s”. Nobody can be in two places."),
        "phone.elsewhere.what": _("What became of it"),
        "phone.elsewhere.finished": _("Finished"),
        "phone.elsewhere.turned_back": _("Turned back"),
        "phone.elsewhere.paused": _("Paused"),
        "phone.elsewhere.held": _("Its checklist is not complete: it can be paused."),
        "phone.elsewhere.go": _("Go on"),
    }
