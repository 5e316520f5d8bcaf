"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path


def file_write(path: Path, data: bytes) -> None:
    """Whole and flushed before it has its name: what is there survived a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).rename(path)
