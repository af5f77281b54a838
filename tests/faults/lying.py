"""A bucket that says yes to conditions and does not look at them, from the first request on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from tests.fakes import careless_s3
from tests.fakes.seaweed import Seaweed


@contextmanager
def serve() -> Iterator[Seaweed]:
    """Run such a server for as long as the block; it is used as the honest one is."""
    # Its line for each request would bury what the run has to say.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    honest = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    honest.start()
    try:
        host, port = honest.get_host_and_port()
        with careless_s3.serve(f"http://{host}:{port}", "conditions") as lying:
            yield Seaweed(lying.port)
    finally:
        honest.stop()
