"""A true day in the field, the office that stands in, and a phone whose signal comes and goes."""

from dataclasses import dataclass

from hypothesis import strategies as st

from callout.orders.lifecycle import ACTIONS, fold

Step = tuple[str, int]  # an action, and its minute of the day


@dataclass(frozen=True)
class Day:
    """What truly happened; when the office would press the same; when the phone has a signal."""

    steps: list[Step]
    pressed: list[int | None]  # for each step: the office's minute, or never
    signals: list[int]

    def events(self) -> list[tuple[int, str, int]]:
        """In the order of arrival: minute, who, and which step (of the phone: how many by then)."""
        office = [(at, "office", n) for n, at in enumerate(self.pressed) if at is not None]
        phone = [
            (at, "phone", sum(when <= at for _action, when in self.steps))
            for at in [*self.signals, 24 * 60]
        ]
        return sorted(office + phone)

    def stands_in(self, n: int, standing: list[str]) -> bool:
        """Whether the office, looking at these standing actions, would press step `n`: those of its
        kind before it have come, it and all that follow it have not, and the button is live."""
        action, earlier = self.steps[n][0], [code for code, _at in self.steps[:n]]
        now = fold(standing)
        return (
            standing.count(action) == earlier.count(action)
            and all(standing.count(code) <= earlier.count(code) for code in standing)
            and now.outcome is None
            and now.status in ACTIONS[action].sources
        )


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Depart, arrive, work, up to two breaks (one perhaps on the way), and complete."""
    actions = ["depart", "arrive", "start_work"]
    if draw(st.booleans()):
        actions[1:1] = ["break", "resume"]
    actions += ["break", "resume"] * draw(st.integers(0, 2))
    actions.append("complete")
    minute, steps = 60, []
    for action in actions:
        minute += draw(st.integers(1, 40))
        steps.append((action, minute))
    late = st.one_of(st.none(), st.integers(1, 30))
    delays = [draw(late) if action != "complete" else None for action in actions]
    pressed = [
        None if d is None else at + d for (_action, at), d in zip(steps, delays, strict=True)
    ]
    signals = draw(st.lists(st.integers(60, minute + 30), max_size=5))
    return Day(steps, pressed, sorted(signals))
