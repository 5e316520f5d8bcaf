"""One technician's hours, made for asking often: forwards as `course` has them, and backwards."""

from callout.routing.engine.course import arrival, busy_of, halts_of, lunch_in_block, standing_still
from callout.routing.engine.problem import Technician, Window

EVER = 1 << 40


class Hours:
    """When one technician works, drives and has lunch."""

    def __init__(self, who: Technician, nowhere: int) -> None:
        who = next(iter(standing_still(who)), who)
        self.place = nowhere if who.start is None else who.start
        self.home = nowhere if who.end is None else who.end
        self.owed = who.lunch is not None and lunch_in_block(who) is None
        self.has_lunch = who.lunch is not None
        lunch = who.lunch if self.owed else None
        self.earliest = lunch.earliest if lunch else 0
        self.latest = lunch.latest if lunch else 0
        self.lunch = lunch.duration if lunch else 0
        dawn, dusk = who.shift
        self.work_from, self.work_until = -EVER, EVER
        self.busy, self.halts = busy_of(who), halts_of(who)
        if self.busy and self.busy[0][0] <= dawn and not self._halts_in(self.busy[0]):
            self.work_from = self.busy.pop(0)[1]  # on the way before work begins
        if self.busy and self.busy[-1][1] >= dusk and not self._halts_in(self.busy[-1]):
            self.work_until = self.busy.pop()[0]  # on the way home after it
        if not self.owed and self.busy and self.busy == self.halts:
            if self.busy[0][0] <= dawn:  # half a day off
                dawn = max(dawn, self.busy.pop(0)[1])
            if self.busy and self.busy[-1][1] >= dusk:
                dusk = min(dusk, self.busy.pop()[0])
            self.halts = self.busy
        self.shift = dawn, dusk
        self.plain = not self.busy and not self.halts

    def _halts_in(self, block: Window) -> bool:
        return any(begin < block[1] and block[0] < end for begin, end in self.halts)

    def drive(self, moment: int, seconds: int) -> int:
        return arrival(self.halts, moment, seconds)

    def drive_back(self, moment: int, seconds: int) -> int:
        """The latest leave for who must arrive by then."""
        for begin, end in reversed(self.halts):
            if seconds == 0 or moment - seconds >= end:
                break
            if moment > begin:
                seconds -= max(0, moment - end)
                moment = begin
        return moment - seconds

    def start(self, arrive: int, windows: tuple[Window, ...], duration: int) -> int:
        for opens, closes in windows:
            start = max(arrive, opens, self.work_from)
            for begin, end in self.busy:
                if start < end and start + duration > begin:
                    start = end
            if start <= closes and start + duration <= self.work_until:
                return start
        return EVER

    def start_back(self, done: int, windows: tuple[Window, ...], duration: int) -> int:
        """The latest start for who must be done by then."""
        for opens, closes in reversed(windows):
            start = min(closes, min(done, self.work_until) - duration)
            for begin, end in reversed(self.busy):
                if start < end and start + duration > begin:
                    start = begin - duration
            if start >= opens and start >= self.work_from:
                return start
        return -EVER
