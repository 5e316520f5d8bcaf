"""The keys of an installation: given, or made once in its data folder.

Machines that share a database must be given theirs: what each of them made would differ.
"""

from pathlib import Path

from callout.config import folders
from callout.config.env import Env


def secret_key(env: Env, name: str, folder: Path | None, file: str) -> str:
    """The key given as `name`, else the one of that file in `folder`, made where there is none.
    What is wrong is noted; then it is "missing", which nothing is served with."""
    value = env.text(name)
    if value:
        if len(value) < 50:
            env.wrong(name, "is shorter than 50 characters.", "Make a long random one.")
        return value
    if folder is None:
        do = "Set it to a long random text, the same on every machine, and keep a copy."
        env.wrong(name, "is missing; it is required with DATABASE_URL.", do)
        return "missing"
    try:
        return folders.key_once(folder, file)
    except OSError as error:
        do = "Set CALLOUT_DATA to a folder that this user may write to."
        env.wrong("CALLOUT_DATA", f"cannot be used: {error.strerror}: {folder}.", do)
        return "missing"


def push_key(env: Env, folder: Path | None) -> str:
    """What signs pushes to phones; "" where there is none, and then none are sent."""
    name = "CALLOUT_VAPID_KEY"
    value = env.text(name)
    if not value and folder is not None:
        try:
            value = folders.key_once(folder, "vapid.key", folders.push_key)
        except OSError:
            return ""  # said already: the other keys lie in the same folder
    try:
        return folders.push_key_read(value) if value else ""
    except ValueError:
        # It is a secret: it is not repeated.
        do = "Set it to a private key of 43 characters: docs/operations.md says how to make one."
        env.wrong(name, "is not a VAPID key.", do)
        return ""
