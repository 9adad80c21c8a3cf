"""The server of ``benchmarks.server`` with an agent that answers at once."""

from __future__ import annotations

import sys

from benchmarks import server

if __name__ == "__main__":
    server.TURN_SECONDS = 0.0
    server.main(*sys.argv[1:])
