"""Ctrl-C as a request: the first stops the solve and keeps the best plan, the second leaves at once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hallsite.endings import LeftEarly


class StopRequest:
    """Whether the user asked to stop; until `solving` there is nothing to keep, so it leaves at once."""

    def __init__(self) -> None:
        self.asked = False
        self.solving = False

    def __call__(self) -> bool:
        return self.asked

    def hear(self, signal_number: int, frame: FrameType | None) -> None:
        """Take a signal as the user's word."""
        if self.asked or not self.solving:
            raise LeftEarly("Stopped before there was a plan; nothing was written.")
        self.asked = True
        print("Stopping; the best plan so far is kept (once more leaves at once).", file=sys.stderr)


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """Listen for Ctrl-C and a polite end (SIGTERM) while the block runs."""
    request = StopRequest()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, request.hear) for number in signals]
    try:
        yield request
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
