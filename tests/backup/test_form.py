"""A backup says of itself that it is whole: whatever happens to one is known before it is used."""

import io
import json
import tarfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from callout.backup import form
from callout.kernel.errors import Refused

HEAD = form.Head(form.FORMAT, "0.1", "2026-11-27T03:00:00+00:00", 180000, {}, {"a": ["id"]}, {})


def written() -> bytes:
    """A small one."""
    out = io.BytesIO()
    writer = form.Writer(out)
    writer.add_json(form.HEAD, HEAD)
    writer.add("tables/a/000001.gz", b"rows" * 200)
    writer.add_json(form.MANIFEST, form.Manifest({"a": form.TableSum(2, "x")}, {"s": (4, True)}))
    writer.end()
    return out.getvalue()


WHOLE = written()


def is_refused(data: bytes) -> bool:
    try:
        form.sum_checked(io.BytesIO(data))
    except Refused as error:
        return error.code == "damaged_backup" and "damaged" in error.message
    return False


def test_what_was_written_is_read_again() -> None:
    file = io.BytesIO(WHOLE)
    form.sum_checked(file)
    assert form.head_of(file) == HEAD
    read = {name: body.read() for name, _size, body in form.members(file)}
    assert read["tables/a/000001.gz"] == b"rows" * 200
    manifest = form.manifest_from(read[form.MANIFEST])
    assert (manifest.tables["a"], manifest.rows) == (form.TableSum(2, "x"), 2)


def test_any_tar_opens_it(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(WHOLE)
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert tar.getnames() == [form.HEAD, "tables/a/000001.gz", form.MANIFEST, form.SUM]


@pytest.mark.wide
def test_one_flipped_bit_anywhere_is_found() -> None:
    assert not is_refused(WHOLE)
    for place in range(len(WHOLE)):
        hurt = bytearray(WHOLE)
        hurt[place] ^= 1 << place % 8
        assert is_refused(bytes(hurt)), place


def test_one_that_is_cut_off_anywhere_or_goes_on_is_found() -> None:
    for length in [*range(0, len(WHOLE), 97), len(WHOLE) - 1]:
        assert is_refused(WHOLE[:length]), length
    assert is_refused(WHOLE + bytes(512))


@pytest.mark.parametrize("data", [b"", b"PGDMP" + bytes(9000), bytes(20480), b"{}" * 9000])
def test_what_is_no_backup_is_refused_in_words(data: bytes) -> None:
    assert is_refused(data)


def test_one_of_a_newer_form_asks_for_the_newer_callout() -> None:
    hurt = io.BytesIO()
    form.Writer(hurt).add(
        form.HEAD, f'{{"format": {form.FORMAT + 1}, "callout": "9.9", "unknown": 1}}'.encode()
    )
    hurt.write(bytes(1024))
    hurt.seek(0)
    with pytest.raises(Refused, match=r"newer Callout \(9\.9\)"):
        form.head_of(hurt)


def tar_of(name: str, data: bytes = b"", **facts: Any) -> io.BytesIO:
    """A tar with one member, written by somebody else."""
    out = io.BytesIO()
    one = tarfile.TarInfo(name)
    one.size = len(data)
    for fact, value in facts.items():
        setattr(one, fact, value)
    out.write(one.tobuf(tarfile.GNU_FORMAT))
    out.write(data + bytes(-len(data) % 512) + bytes(1024))
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "facts",
    [
        {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.LNKTYPE, "linkname": "callout.json"},
        {"type": tarfile.DIRTYPE},
        {"type": tarfile.FIFOTYPE},
        {"type": tarfile.CHRTYPE},
        {"type": tarfile.CONTTYPE},
        {"size": 2**40},
        {"size": -512},
    ],
    ids=str,
)
def test_what_is_no_plain_file_of_a_size_that_can_be_is_refused_in_words(
    facts: dict[str, Any],
) -> None:
    with pytest.raises(Refused) as refused:
        list(form.members(tar_of(f"files/{'a' * 64}", **facts)))
    assert refused.value.code == "damaged_backup"


@pytest.mark.parametrize(
    "said",
    [
        b"", b"null", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"format": "1"}',
        *(
            json.dumps(asdict(HEAD) | {name: wrong}).encode()
            for name, wrong in (
                ("migrations", []), ("migrations", {"a": [[]]}), ("columns", {"a": 1}),
                ("columns", None), ("keys", {"field": []}), ("keys", "x"), ("more", 1),
            )
        ),
    ],
    ids=lambda said: said[:40].decode("latin1"),
)  # fmt: skip
def test_a_head_that_is_not_one_is_refused_in_words(said: bytes) -> None:
    with pytest.raises(Refused, match="does not say what it is"):
        form.head_of(tar_of(form.HEAD, said))


@pytest.mark.parametrize(
    "wrong",
    [
        {"tables": {"a": 1}}, {"tables": {"a": {"rows": 1}}}, {"tables": [1]},
        {"sequences": {"a": 1}}, {"sequences": {"a": ["1", True]}}, {"sequences": {"a": [1]}},
        {"missing": 3}, {"spoilt": [3]}, {"else": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_that_is_not_one_is_refused_in_words(wrong: dict[str, Any]) -> None:
    said = json.dumps(asdict(form.Manifest()) | wrong).encode()
    with pytest.raises(Refused, match="does not say what it is"):
        form.manifest_from(said)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        form.opened(tmp_path / "not-there")
