"""The command in processes that begin with everything imported.

Nine tenths of a short run are imports, and the tests run the command a hundred times. This program has done
them; for each order on stdin, a line of JSON, it forks a process that is the command in every other respect:
arguments, folder, environment, streams and exit code are its own. The exit code goes to stdout.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from typing import Any

from rasa_whatsapp.cli import main

IMPORTED = (
    "rasa_whatsapp.cli.app",
    "rasa_whatsapp.cloud",
    "rasa_whatsapp.delivery.stores",
    "rasa_whatsapp.serpro",
    "rasa_whatsapp.settings",
    "rich.progress",
    "rich.table",
)
TIME_LIMIT = 60


def become_the_command(order: dict[str, Any]) -> None:
    """Ends as the command ends."""
    signal.alarm(TIME_LIMIT)
    for descriptor, path in enumerate(order["streams"]):
        os.dup2(os.open(path, os.O_RDWR), descriptor)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["rasa-whatsapp", *order["arguments"]]
    main()


if __name__ == "__main__":
    for name in IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become_the_command(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
