"""The server of ``benchmarks.server`` with turns of another length, and logs at Rasa's usual level.

``python -m benchmarks.tuned_server TURN_SECONDS PORT CREDENTIALS``.
"""

from __future__ import annotations

import logging
import sys

import structlog

from benchmarks import server

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    server.TURN_SECONDS = float(sys.argv[1])
    server.main(*sys.argv[2:])
