"""The collector waits while somebody asks it to, and no longer."""

from __future__ import annotations

import gc
import sys
import threading

from hoakscheck.garbage import collector_paused


def test_pauses_within_pauses_end_with_the_outer_one():
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_where_the_collector_was_off_it_stays_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads_that_pause_it_all_the_time_leave_it_running():
    @collector_paused()
    def work():
        sum(range(20))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=lambda: [work() for _ in range(20_000)]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert gc.isenabled()
