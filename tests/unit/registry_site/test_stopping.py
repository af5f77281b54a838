"""What a signal does: it sets a flag. The kernel sees to the rest."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from registry_site import stopping

DEADLOCK = """
import threading, time
from registry_site import stopping
stopping.listen()
print("ready", flush=True)
while not stopping.is_asked():
    time.sleep(0.01)
stopping.end_within(0.5)
lock = threading.Lock()
lock.acquire()
lock.acquire()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_when_it_comes_again_and_again_then_only_a_flag_is_set(number):
    before = signal.getsignal(number)
    signal.signal(number, signal.default_int_handler)  # Whatever the run's own parent ignores.
    with stopping.listening():
        assert not stopping.is_asked()
        for _ in range(3):
            os.kill(os.getpid(), number)
        assert stopping.is_asked()
    assert signal.getsignal(number) == signal.default_int_handler
    signal.signal(number, before)
    assert not stopping.is_asked()


def test_listening_when_within_another_then_the_outer_one_goes_on():
    with stopping.listening():
        with stopping.listening():
            os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.is_asked()


def test_listening_when_in_another_thread_then_signals_stay_its_owners():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work() -> None:
        with stopping.listening():
            stopping.end_within(0.001)
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_end_when_the_process_waits_for_itself_then_the_kernel_ends_it():
    with subprocess.Popen(
        [sys.executable, "-c", DEADLOCK], cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == -signal.SIGALRM
