"""What a process keeps of the memory that it has given back."""

import subprocess
import sys
from pathlib import Path

import pytest

# Eight threads hold something of the C library's own allocator at the same time.
PROGRAM = """
import ctypes, sys, threading
if sys.argv[2] == "as they are served":
    import django
    from callout.config.child import preload
    django.setup()
    preload()
barrier = threading.Barrier(9)
def hold():
    held = bytes(100_000)
    barrier.wait()
    barrier.wait()
for _ in range(8):
    threading.Thread(target=hold).start()
barrier.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
told = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, told)
libc.fclose(told)
barrier.wait()
"""


@pytest.mark.wide
@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library alone has several heaps")
@pytest.mark.parametrize(("how", "is_one"), [("as they are served", True), ("as it comes", False)])
def test_the_threads_of_a_process_share_one_heap(tmp_path: Path, how: str, is_one: bool) -> None:
    told = tmp_path / "heaps.xml"
    subprocess.run([sys.executable, "-c", PROGRAM, told, how], check=True, timeout=60)
    heaps = told.read_text().count("<heap nr=")
    assert (heaps == 1) is is_one
