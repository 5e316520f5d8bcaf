"""What office and map cost while something else runs: two people who look at one page after the
other, each with a browser of their own, alone and beside it by turns."""

import threading
import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from bench.client import Browser

PAUSE = 0.05  # seconds between two pages of one person


class Watch:
    """The milliseconds of the requests of some browsers, each in a thread of its own."""

    def __init__(self, browsers: Sequence[Browser], paths: Sequence[str]) -> None:
        self.browsers, self.paths = browsers, paths

    def warmed(self) -> None:
        """Each page once or more in every web process."""
        for _ in range(4):
            for browser in self.browsers:
                for path in self.paths:
                    browser.timed("GET", path)

    def during(self, over: Callable[[], bool]) -> list[float]:
        """All requests until it is over."""
        times: list[float] = []
        failed: list[Exception] = []
        ended = threading.Event()

        def look(browser: Browser, first: int) -> None:
            nth = first
            try:
                while not ended.is_set():
                    path = self.paths[nth % len(self.paths)]
                    times.append(browser.timed("GET", path)[0])
                    nth += 1
                    time.sleep(PAUSE)
            except Exception as error:  # noqa: BLE001 - raised below, where somebody hears it
                failed.append(error)

        threads = [
            threading.Thread(target=look, args=(browser, nth))
            for nth, browser in enumerate(self.browsers)
        ]
        for thread in threads:
            thread.start()
        while not over() and not failed:
            time.sleep(0.1)
        ended.set()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return times


def seconds(count: float) -> Callable[[], bool]:
    """Over after so many."""
    end = time.monotonic() + count
    return lambda: time.monotonic() >= end


def p95(times: Sequence[float]) -> float:
    """Milliseconds."""
    return quantiles(times, n=20)[-1]
