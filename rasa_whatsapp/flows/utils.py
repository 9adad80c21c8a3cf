"""Versions by name: ``utils.Version.FLOW_DATA_API``, the spelling that Flows written for pywa use."""

from __future__ import annotations


class Version:
    """What a Flow is that names no version, as the Python definitions made for pywa expect.

    Give ``version="7.3"`` to use everything that Meta offers today.
    """

    FLOW_JSON = "3.0"
    FLOW_DATA_API = "3.0"
