"""Which Chromium the journeys drive: the machine's, else Playwright's own.

`python -m tests.harness.chromium` gets one where there is none, or says how to.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Milliseconds until what a page is to show counts as never shown. What a busy machine takes for it
# is not what a journey is about.
PATIENCE = 60_000
# A toast goes after 6 s; a busy machine may want longer between seeing one and pressing its Undo,
# as who reads slowly does. How long they stay is told by the tests of the scripts.
TOASTS_STAY = """(() => {
  const slowly = new CSSStyleSheet();
  slowly.replaceSync(":root { --co-toast: 120000ms }");
  document.adoptedStyleSheets.push(slowly);
})()"""


def found() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    places = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / ".cache/ms-playwright")
    programs = sorted(Path(places).glob("chromium-*/chrome-linux*/chrome"))
    return str(programs[-1]) if programs else None


def got() -> str | None:
    """The path of a Chromium, fetched if need be and if it can be."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways += [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"]]
    for way in ways:
        if found():
            break
        subprocess.run(way, stdin=subprocess.DEVNULL, check=False)
    return found()


if __name__ == "__main__":
    path = got()
    if path is None:
        sys.exit(
            "There is no Chromium for the browser tests, and none could be fetched. Install one"
            " (on Debian as root: apt-get install chromium), or set CHROMIUM to its path."
        )
    print(f"Browser tests use {path}")
