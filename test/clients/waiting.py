"""Waiting for a condition, for the stories of both Python clients."""

import time


def wait_for(what, probe):
    deadline = time.monotonic() + 90
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"timed out waiting for {what}")
        time.sleep(0.2)
