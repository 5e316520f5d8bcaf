"""Plan drafts: what could be planned otherwise, looked at as a whole before any of it is done."""

from django.db import models
from django.db.models import Q

from callout.kernel.models import Entity


class DraftKind(models.TextChoices):
    AUTO_PLAN = "auto_plan"
    ABSENCE = "absence"
    ROUTES = "routes"


class DraftState(models.TextChoices):
    """`stopped`: somebody did not wait for the end; what was found until then stands, as soon as
    the worker has written it down (`PlanDraft.is_awaited` until then)."""

    MAKING = "making"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"
    APPLIED = "applied"
    PARTLY_APPLIED = "partly_applied"
    DROPPED = "dropped"
    UNDONE = "undone"


OPEN = (DraftState.READY, DraftState.STOPPED, DraftState.PARTLY_APPLIED)  # something may be left
RUNNING = (DraftState.MAKING, *OPEN)
TO_DECIDE = (DraftState.MAKING, DraftState.READY, DraftState.STOPPED)  # nothing of it done yet
AWAITED = (DraftState.MAKING, DraftState.STOPPED)  # and not finished: a worker is at it
DONE = (DraftState.APPLIED, DraftState.PARTLY_APPLIED)  # something was done
LONG = 500  # characters that a move keeps of a sentence


class MoveState(models.TextChoices):
    """`unplaced` has no slot to go to; `refused` had one that was gone when it was applied."""

    PROPOSED = "proposed"
    UNPLACED = "unplaced"
    APPLIED = "applied"
    REFUSED = "refused"
    DROPPED = "dropped"
    UNDONE = "undone"


class PlanDraft(Entity):
    """Moves that were worked out together. `parameters` is what was asked, as ids and days;
    `driving` the minutes of each technician touched, before and after, if all of it is applied.

    Of routes, `progress` is the best so far while they are worked out, `figures` the day before and
    after; `callout.routing` says in which form."""

    kind = models.CharField(max_length=10, choices=DraftKind)
    state = models.CharField(max_length=14, choices=DraftState, default=DraftState.MAKING)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    parameters = models.JSONField(default=dict)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    driving = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index("created_at", "id", name="draft_by_age")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DraftKind.values), name="draft_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=DraftState.values), name="draft_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["auto_plan", "routes"], technician__isnull=True)
                | Q(kind="absence", technician__isnull=False),
                name="draft_absence_is_somebodys",
            ),
            # Working one out takes seconds of the worker: nobody has a hundred of them wait there,
            # nor a hundred that are stopped, each of which is written all the same.
            models.UniqueConstraint(
                fields=["made_by", "kind"],
                condition=Q(state__in=["making", "stopped"], finished_at__isnull=True),
                name="draft_one_in_the_making",
            ),
        ]

    @property
    def is_awaited(self) -> bool:
        """Whether a worker has still to write down what it found."""
        return self.finished_at is None and self.state in AWAITED


class PlanMove(Entity):
    """One visit of a draft: what it was when it was looked at, and what it would become.

    Without `visit` the order is in New. `reason_code` and `reason` say why it has no slot to go to,
    or what speaks against the one it has, in the language of who made the draft. `entry_id` is
    what applying it wrote into the order's timeline: while that is the last there, it can be
    undone. Where applying it made the promise anew, `promise_from` and `promise_to` are that one.
    """

    draft = models.ForeignKey(PlanDraft, models.CASCADE, related_name="moves")
    position = models.PositiveIntegerField()
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="+")
    order_version = models.PositiveIntegerField()
    visit = models.ForeignKey("orders.Visit", models.PROTECT, null=True, related_name="+")
    pinned = models.BooleanField(default=False)
    promise_from = models.DateTimeField(null=True)
    promise_to = models.DateTimeField(null=True)
    from_technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    from_start = models.DateTimeField(null=True)
    from_end = models.DateTimeField(null=True)
    to_technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    to_start = models.DateTimeField(null=True)
    to_end = models.DateTimeField(null=True)
    why = models.CharField(max_length=LONG, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=LONG, blank=True)
    travel_before = models.IntegerField(null=True)  # minutes that the visit adds to its day
    travel_after = models.IntegerField(null=True)
    state = models.CharField(max_length=8, choices=MoveState, default=MoveState.PROPOSED)
    refusal = models.CharField(max_length=LONG, blank=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="move_once_at_a_place"),
            models.CheckConstraint(
                condition=Q(state__in=MoveState.values), name="move_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="unplaced", to_technician__isnull=True, to_start__isnull=True)
                | (
                    ~Q(state="unplaced")
                    & Q(to_technician__isnull=False, to_start__isnull=False, to_end__isnull=False)
                ),
                name="move_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(visit__isnull=True, from_start__isnull=True)
                | Q(visit__isnull=False, from_technician__isnull=False, from_start__isnull=False),
                name="move_comes_from_somewhere",
            ),
        ]

    @property
    def promise_kept(self) -> bool | None:
        """Whether it would begin within what was promised; None where nothing was. What was
        chosen and stays begins where it is; of an absence it cannot."""
        if self.promise_from is None or self.promise_to is None:
            return None
        start = self.to_start or (self.from_start if self._is_chosen else None)
        return start is not None and self.promise_from <= start <= self.promise_to

    @property
    def leaves_promise(self) -> bool:
        """Whether it would take a visit that was chosen out of what was promised, which it keeps
        where it is. Of routes a promise is left only where it cannot be kept: their screen says
        so."""
        if self.promise_kept is not False or not self._is_chosen:
            return False
        start, begin, end = self.from_start, self.promise_from, self.promise_to
        return bool(start and begin and end and begin <= start <= end)

    @property
    def _is_chosen(self) -> bool:
        return self.draft.kind == DraftKind.AUTO_PLAN
