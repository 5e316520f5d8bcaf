from django.urls import path

from callout.web.office.planning import draft_making, drafts

urlpatterns = [
    path("planning/auto-plan/", draft_making.auto_plan, name="plan_auto"),
    path("planning/absence/", draft_making.absence, name="plan_absence"),
    path("planning/drafts/", drafts.drafts_page, name="plan_drafts"),
    path("planning/drafts/<uuid:draft_id>/", drafts.draft_page, name="plan_draft"),
    path(
        "planning/drafts/<uuid:draft_id>/progress/", drafts.draft_progress,
        name="plan_draft_progress",
    ),
    path("planning/drafts/<uuid:draft_id>/apply/", drafts.draft_apply, name="plan_draft_apply"),
    path("planning/drafts/<uuid:draft_id>/stop/", drafts.draft_stop, name="plan_draft_stop"),
    path("planning/drafts/<uuid:draft_id>/drop/", drafts.draft_drop, name="plan_draft_drop"),
    path("planning/drafts/<uuid:draft_id>/undo/", drafts.draft_undo, name="plan_draft_undo"),
]  # fmt: skip
