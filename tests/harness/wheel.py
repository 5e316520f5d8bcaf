"""Install the wheel where neither Node nor the sources are, and serve: what a new user does.

`python -m tests.harness.wheel dist/*.whl`; not a pytest test, since it needs the built wheel and a
virtual environment of its own.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.harness.server import free_port, get, until

REPO = Path(__file__).resolve().parents[2]
NEEDED = [
    r"callout/web/static/build/manifest\.json",
    r"callout/web/static/build/technician-sw\.js",
    r"callout/web/static/build/precache\.json",
    r"callout/web/static/build/assets/.*\.js",
    r"callout/web/static/build/assets/.*\.css",
    r"callout/web/templates/.*\.html",
    r"callout/config/templates/error\.html",
    r"callout/locale/fr/LC_MESSAGES/django\.mo",
    r"callout/orders/migrations/0001_initial\.py",
    r"callout-.*/licenses/LICENSE",
]


def look_inside(wheel: Path) -> None:
    """Everything that is built, and not committed, must be in it."""
    names = zipfile.ZipFile(wheel).namelist()
    missing = [one for one in NEEDED if not any(re.fullmatch(one, name) for name in names)]
    if missing:
        sys.exit(f"{wheel.name} lacks: {', '.join(missing)}")


def install(wheel: Path, place: Path) -> Path:
    """A virtual environment with the wheel and the locked versions of what it needs."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    locked = REPO / "requirements" / "base.txt"
    subprocess.run([*pip, "--require-hashes", "-r", str(locked)], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return place / "bin" / "callout"


def serve(callout: Path, folder: Path) -> None:
    """Serve in an empty data folder, look at three addresses, stop."""
    port = free_port()
    # Nothing of the sources, of Node or of this environment is within reach.
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PORT": str(port),
             "CALLOUT_DATA": str(folder / "data")}  # fmt: skip
    with subprocess.Popen([callout, "serve"], env=clean, cwd=folder) as process:
        try:
            base = f"http://localhost:{port}"
            until(lambda: get(f"{base}/readyz")[0] == 200)
            status, page = get(f"{base}/accounts/login/")
            if status != 200:
                sys.exit(f"The sign-in page answered {status}.")
            [style, *_] = re.findall(rb'href="(/static/[^"]+\.css)"', page)
            if get(base + style.decode())[0] != 200:
                sys.exit(f"{style.decode()} is missing.")
        finally:
            process.terminate()
    if process.returncode:
        sys.exit(f"callout serve ended with {process.returncode}.")


def main() -> None:
    """Exit status 0 if all of it works."""
    wheel = Path(sys.argv[1]).resolve()
    look_inside(wheel)
    with tempfile.TemporaryDirectory(prefix="callout-wheel-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        serve(install(wheel, folder / "venv"), folder)
    print(f"{wheel.name} installs and serves.")


if __name__ == "__main__":
    main()
