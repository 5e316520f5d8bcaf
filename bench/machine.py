"""What is to be known of the machine, and what the processes take of it."""

import os
import platform
import re
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def facts() -> list[tuple[str, str]]:
    """Cores, memory and versions; no names of machines or folders."""
    memory = int(_first(Path("/proc/meminfo"), r"MemTotal:\s*(\d+)") or 0) // 2**20
    return [
        ("cores", str(os.cpu_count())),
        ("processor", _first(Path("/proc/cpuinfo"), r"model name\s*:\s*(.+)") or "unknown"),
        ("memory", f"{memory + 1} GB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", f"{platform.python_version()}, {_pace():.0f} ms for a million turns of a loop"),
        ("Django", version("django")),
        ("event loop", _loop()),
        ("PostgreSQL", "18 (embedded), its own settings"),
        ("load when it began", f"{os.getloadavg()[0]:.1f}"),
    ]


def _pace() -> float:
    """Milliseconds, the best of nine: how quick this build of Python is here. Most of a page's time
    is the interpreter's, and builds of one version differ by half.
    """

    def turns() -> float:
        total, began = 0, time.process_time()
        for turn in range(1_000_000):
            total += turn * turn % 7
        return time.process_time() - began

    return 1000 * min(turns() for _ in range(9))


def _loop() -> str:
    try:
        return f"uvloop {version('uvloop')}"
    except PackageNotFoundError:
        return "asyncio's own: uvloop is not installed"


def _first(path: Path, pattern: str) -> str:
    found = re.search(pattern, path.read_text()) if path.exists() else None
    return found[1].strip() if found else ""


def children(pid: int) -> list[int]:
    """All processes below this one, whichever of its threads has started them."""
    below: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below += map(int, task.read_text().split())
        except OSError:
            continue  # a thread that has ended
    return [one for child in below for one in (child, *children(child))]


def memory(pids: list[int]) -> float:
    """Megabytes of these processes, what they share counted once (PSS)."""
    return sum(_megabytes(pid, "Pss") for pid in pids)


def resident(pid: int) -> float:
    """Megabytes of one process with all that it shares (RSS)."""
    return _megabytes(pid, "Rss")


def _megabytes(pid: int, kind: str) -> float:
    found = _first(Path(f"/proc/{pid}/smaps_rollup"), rf"\n{kind}:\s*(\d+) kB")
    return int(found or 0) / 1024


def postmaster(data: Path) -> int:
    """The first process of the server on this data folder."""
    return int((data / "pg18" / "postmaster.pid").read_text().split()[0])
