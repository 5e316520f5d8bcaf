"""`callout demo-data`: fill an empty installation with the demo company."""

from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from callout.accounts.models import User
from callout.config.demo.load import absences_load, company_load, types_need_skills
from callout.config.demo.people import sign_ins
from callout.config.demo.story import Story
from callout.kernel import clock


class Command(BaseCommand):
    """All or nothing, in one transaction: half a company is no demo."""

    help = "Fill an empty installation with a believable company, laid around this moment."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Refused where anybody can sign in already."""
        if User.objects.exists():
            raise CommandError("There is somebody here already: demo data is for a new company.")
        now = clock.now()
        with transaction.atomic():
            with clock.freeze(now - timedelta(days=90)):
                demo = company_load(now)
                types_need_skills(demo, demo.managers[0])
            orders = Story(demo).tell()
            absences_load(demo)
        self.stdout.write(f"{orders} orders.")
        for line in sign_ins():
            self.stdout.write(line)
