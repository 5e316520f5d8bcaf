"""An admin takes everything away: asks, sees it being made, fetches the zip; axe finds no flaw."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callout.accounts.models import User
from callout.backup.models import BackupRun
from callout.backup.services import backup_note
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_everything_is_exported_and_fetched_and_a_failed_backup_is_seen(
    company: Company, screen: Opened, tmp_path: Path
) -> None:
    User.objects.filter(email="els@example.com").update(is_admin=True)
    backup_note(
        actor=Actor.system("a test"), cause=BackupRun.COMMAND, path=Path("/backup/callout.tar"),
        began=clock.now(), words="/backup/callout.tar cannot be written: No space left on device.",
    )  # fmt: skip
    order = company.order(description="Leaking boiler")
    els = screen(company.manager)
    page = els.open("/settings/")
    page.get_by_role("link", name="Backup and export").click()
    expect(page.get_by_text("No space left on device")).to_be_visible()
    assert els.flaws() == []

    page.get_by_role("button", name="Export everything").click()
    fetch = page.get_by_role("button", name="Download the export")
    expect(fetch).to_be_visible()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []
    with page.expect_download() as coming:
        fetch.focus()
        page.keyboard.press("Enter")
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as out:
        assert out.testzip() is None
        assert order.description.encode() in out.read("service-orders.csv")
    assert JournalEntry.objects.filter(entity="full_export", kind="fetched").count() == 1

    page.get_by_role("button", name="Remove the export").click()
    expect(page.get_by_text("removed")).to_be_visible()
    expect(fetch).to_have_count(0)
