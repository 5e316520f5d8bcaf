"""Uploads are tame: nothing that was sent is stored as it was, however it was made."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from callout.fieldwork.models import Upload, VisitPhoto
from callout.fieldwork.services.photos import photo_announce
from callout.fieldwork.services.uploads import PART, upload_part
from callout.fieldwork.tasks import upload_keep
from callout.kernel.errors import Invalid
from callout.orders.files import LONGEST_SIDE
from callout.orders.models import Attachment
from callout.web.files import file_answer
from tests.fieldwork.conftest import company
from tests.fieldwork.recording import announced, sha256, working
from tests.orders.conftest import Company
from tests.security.hostile_files import HOSTILE, MARK, saved

__all__ = ["company"]

MOST_MEMORY = 900_000_000  # of addresses, the interpreter with its libraries included
MOST_SECONDS = 60  # of work, on whatever machine
# A process of its own, with so much memory and time and no more: what it may not do, it dies of.
JUDGE = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
import django; django.setup()
from callout.kernel.errors import CalloutError
from callout.orders.files import file_read
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
for name in sys.argv[3:]:
    ending = name.rpartition(".")[2]
    try:
        kept = file_read(f"x.{ending}", open(name, "rb").read())
        print("kept", kept.width, kept.height)
    except CalloutError as error:
        print("refused", error.code)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def stored() -> list[bytes]:
    return [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.wide
@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_file_is_refused_in_words_or_written_anew(company: Company, case: str) -> None:
    name, make = HOSTILE[case]
    data = make()
    visit = working(company)
    given = announced(visit, data, company.anna, name=name, type="")
    try:
        photo_announce(**given)
    except Invalid:
        assert any(ord(c) < 32 for c in name)
        return
    for part in range(-(-len(data) // PART)):
        upload_part(
            actor=company.anna, sha256=sha256(data), part=part, size=len(data),
            data=data[part * PART : (part + 1) * PART],
        )  # fmt: skip
    upload = Upload.objects.get()
    upload_keep(upload.pk)
    upload.refresh_from_db()
    photo = VisitPhoto.objects.get()
    assert all(MARK not in one and data not in one for one in stored())
    if photo.attachment is None:
        assert photo.words
        assert upload.state == Upload.REFUSED
        assert stored() == []
        return
    (kept,) = stored()
    tame(kept)
    answer = file_answer(Attachment.objects.get())
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/jpeg"
    assert Path(answer["X-Callout-File"]).is_relative_to(settings.MEDIA_ROOT)
    assert not set('\r\n<>"/\\') & set(photo.attachment.name)


def tame(kept: bytes) -> None:
    """A plain JPEG of ours: its pixels and nothing else."""
    picture = Image.open(io.BytesIO(kept))
    assert picture.format == "JPEG"
    assert max(picture.size) <= LONGEST_SIDE
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not getattr(picture, "is_animated", False)
    assert kept.endswith(b"\xff\xd9")
    assert kept.count(b"\xff\xd8\xff") == 1


def test_there_are_sixty_of_them_and_both_ends_are_met() -> None:
    assert len(HOSTILE) >= 60


def judged(folder: Path, files: dict[str, bytes], memory: int = MOST_MEMORY) -> Any:
    paths = []
    for place, (name, data) in enumerate(files.items()):
        path = folder / f"{place}.{name.rpartition('.')[2]}"
        path.write_bytes(data)
        paths.append(str(path))
    command = [sys.executable, "-c", JUDGE, str(memory), str(MOST_SECONDS), *paths]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.wide
def test_what_is_too_much_takes_bounded_memory_and_time(tmp_path: Path) -> None:
    """All of them one after the other, in one process that may have little of both."""
    names = [case for case in sorted(HOSTILE) if HOSTILE[case][0].isascii()
             and HOSTILE[case][0].rpartition(".")[2] in {"jpg", "png", "gif", "webp"}]  # fmt: skip
    assert len(names) > 50
    done = judged(tmp_path, {f"{at}-{HOSTILE[one][0]}": HOSTILE[one][1]()
                             for at, one in enumerate(names)})  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(names)
    assert {line.split()[0] for line in lines} == {"kept", "refused"}


@pytest.mark.wide
def test_control_a_process_with_too_little_dies_of_it(tmp_path: Path) -> None:
    done = judged(tmp_path, {"x.png": HOSTILE["sixty megapixels of nothing"][1]()}, 300_000_000)
    assert done.returncode != 0
    assert "MemoryError" in done.stderr


def test_control_bytes_kept_as_sent_would_be_found() -> None:
    with pytest.raises(AssertionError):
        tame(saved("JPEG") + MARK)
    with pytest.raises(AssertionError):
        tame(saved("JPEG", comment=MARK))
    with pytest.raises(AssertionError):
        tame(saved("PNG"))
