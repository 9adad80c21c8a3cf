"""Checks a Flow without Meta, before it is uploaded.

rules        the tables: properties, versions, limits
values       one property against its rule
components   one component, and the rules between its properties
references   ``${…}``: does what it names exist?
actions      what taps do
screens      what stands together on a screen
routing      which screens may follow which
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rasa_whatsapp.flows.validation import rules
from rasa_whatsapp.flows.validation.actions import check_actions
from rasa_whatsapp.flows.validation.component_rules import COMPONENTS
from rasa_whatsapp.flows.validation.problem import Problem, Report
from rasa_whatsapp.flows.validation.references import check_references
from rasa_whatsapp.flows.validation.routing import check_routing
from rasa_whatsapp.flows.validation.screens import check_screen
from rasa_whatsapp.flows.validation.values import check_properties, version
from rasa_whatsapp.flows.validation.walk import PlacedScreen, screens

__all__ = ["Problem", "problems"]


def problems(document: Mapping[str, Any]) -> list[Problem]:
    """Everything in the Flow that Meta is known to reject, in the order of the document's parts."""
    report = Report()
    placed = screens(document)
    named = {screen.id: screen for screen in reversed(placed)}
    named = {screen.id: named[screen.id] for screen in placed}
    flow_version = str(document.get("version", rules.VERSIONS[-1]))
    with_endpoint = "data_api_version" in document or "data_channel_uri" in document
    _check_top(document, flow_version, report)
    for screen in placed:
        check_screen(screen, flow_version, with_endpoint, report)
        check_references(screen, named, flow_version, report)
        check_actions(screen, named, flow_version, with_endpoint, report)
    _check_together(placed, report)
    check_routing(document.get("routing_model"), named, with_endpoint, report)
    return list(report)


def _check_top(document: Mapping[str, Any], flow_version: str, report: Report) -> None:
    check_properties(document, rules.FLOW, "", "a Flow", flow_version, report)
    for number, screen in enumerate(document["screens"] if isinstance(document.get("screens"), list) else ()):
        if not isinstance(screen, dict):
            report.add(f"screens[{number}]", "must be an object")
    needed = rules.DATA_API_VERSIONS.get(str(document.get("data_api_version")))
    if needed and version(needed) > version(flow_version):
        report.add("data_api_version", f"4.0 needs Flow JSON {needed}, this is {flow_version}")
    if "data_api_version" in document and "routing_model" not in document:
        report.add("routing_model", "is missing, a Flow with an endpoint needs it")
    if "data_channel_uri" in document and version(flow_version) >= (3, 0):
        report.add("data_channel_uri", "ended with Flow JSON 2.1: set endpoint_uri at Meta instead")


def _check_together(placed: list[PlacedScreen], report: Report) -> None:
    """What holds over all screens."""
    ids: set[str] = set()
    for screen in placed:
        if screen.id and screen.id in ids:
            report.add(f"{screen.place}.id", f"{screen.id!r} is the id of another screen too")
        ids.add(screen.id)
    ends = [screen for screen in placed if screen.terminal]
    if placed and not ends:
        report.add("screens", "none is terminal, so the Flow cannot end")
    if ends and all(screen.document.get("success") is False for screen in ends):
        report.add("screens", "no end is a success: one terminal screen must have it")
    kinds = Counter(each.kind for screen in placed for each in screen.components)
    for kind, number in kinds.items():
        most = COMPONENTS[kind].per_flow if kind in COMPONENTS else None
        if most is not None and number > most:
            report.add("screens", f"{number} of {kind} in the Flow, {most} allowed")
