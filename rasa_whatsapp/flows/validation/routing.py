"""Which screens may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from rasa_whatsapp.flows.validation import rules
from rasa_whatsapp.flows.validation.actions import actions, next_screen
from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.values import is_dynamic
from rasa_whatsapp.flows.validation.walk import PlacedScreen

Routes: TypeAlias = Mapping[str, list[str]]


def check_routing(
    model: Any, screens: Mapping[str, PlacedScreen], with_endpoint: bool, report: Report
) -> None:
    """Checks the routing model, or without an endpoint the routes that ``navigate`` makes."""
    if len(screens) > rules.SCREENS:
        return
    made, is_complete = _navigated(screens)
    if isinstance(model, dict):
        _check_model(model, screens, made, report)
    if with_endpoint and not isinstance(model, dict):
        return
    if isinstance(model, dict) and (with_endpoint or model):
        routes = _known({source: _targets(model.get(source)) for source in screens})
        _check_loops(routes, report)
    elif is_complete:
        routes = _known(made)
        _check_branches(routes, screens, report)
    else:
        return
    _check_ways(routes, screens, report)


def _navigated(screens: Mapping[str, PlacedScreen]) -> tuple[Routes, bool]:
    """The routes of all ``navigate`` actions, and whether all of them tell where they lead."""
    routes: dict[str, list[str]] = {}
    is_complete = True
    for screen in screens.values():
        targets = routes.setdefault(screen.id, [])
        for placed in screen.components:
            for _, action, _ in actions(placed):
                target = next_screen(action)
                if is_dynamic(target):
                    is_complete = False
                elif target and target != screen.id and target not in targets:
                    targets.append(target)
    return routes, is_complete


def _check_model(
    model: Mapping[str, Any], screens: Mapping[str, PlacedScreen], made: Routes, report: Report
) -> None:
    mentioned = set(model) | {each for value in model.values() for each in _targets(value)}
    for source, value in model.items():
        place = f"routing_model.{source}"
        if source not in screens:
            report.add(place, f"there is no screen {source}")
        if not isinstance(value, list):
            report.add(place, "must be a list of screen ids")
        targets = _targets(value)
        if len(targets) > rules.BRANCHES:
            report.add(place, f"{len(targets)} routes, {rules.BRANCHES} allowed")
        for number, target in enumerate(targets):
            here = f"{place}[{number}]"
            if target not in screens:
                report.add(here, f"there is no screen {target}")
            elif target == source:
                report.add(here, "leads to the screen itself")
            elif source in _targets(model.get(target)) and _comes_first(target, source, screens):
                report.add(here, f"is the way back to {target}, only the way forward is written")
    if model or len(screens) > 1:
        for screen in screens.values():
            if screen.id not in mentioned:
                report.add("routing_model", f"the screen {screen.id} is missing")
    for source, routes in made.items():
        for target in routes:
            if target in screens and target not in _targets(model.get(source)):
                report.add(f"routing_model.{source}", f"lacks {target}, where a navigate action leads")


def _comes_first(one: str, other: str, screens: Mapping[str, PlacedScreen]) -> bool:
    order = list(screens)
    return order.index(one) < order.index(other) if one in order and other in order else False


def _check_branches(routes: Routes, screens: Mapping[str, PlacedScreen], report: Report) -> None:
    for source, targets in routes.items():
        if len(targets) > rules.BRANCHES:
            report.add(screens[source].place, f"{len(targets)} routes lead on, {rules.BRANCHES} allowed")


def _check_loops(routes: Routes, report: Report) -> None:
    """Reports each loop of three or more screens; two are a way back."""
    done: set[str] = set()
    for start in routes:
        path: list[str] = []
        _follow(start, routes, path, done, report)


def _follow(screen: str, routes: Routes, path: list[str], done: set[str], report: Report) -> None:
    if screen in path:
        loop = path[path.index(screen) :]
        if len(loop) > 2:
            report.add("routing_model", f"goes round in a loop: {' → '.join([*loop, screen])}")
        return
    if screen in done:
        return
    path.append(screen)
    for target in routes.get(screen, ()):
        _follow(target, routes, path, done, report)
    path.pop()
    done.add(screen)


def _check_ways(routes: Routes, screens: Mapping[str, PlacedScreen], report: Report) -> None:
    """Every screen is connected with the others, one is the entry, and none is a dead end."""
    if not screens:
        return
    reached = {target for targets in routes.values() for target in targets}
    if all(screen in reached for screen in screens):
        report.add("screens", "none is the entry: every screen has a route that leads to it")
    linked = _connected(next(iter(screens)), routes)
    for screen in screens.values():
        if screen.id not in linked:
            report.add(screen.place, f"{screen.id} cannot be reached: no route connects it with the others")
        elif not routes.get(screen.id) and not screen.terminal and len(screens) > 1:
            report.add(screen.place, f"{screen.id} is a dead end: it is not terminal, and no route leads on")


def _connected(start: str, routes: Routes) -> set[str]:
    """All screens that routes connect with this one, in either direction."""
    neighbours: dict[str, set[str]] = {}
    for source, targets in routes.items():
        for target in targets:
            neighbours.setdefault(source, set()).add(target)
            neighbours.setdefault(target, set()).add(source)
    found, waiting = {start}, [start]
    while waiting:
        for each in neighbours.get(waiting.pop(), set()) - found:
            found.add(each)
            waiting.append(each)
    return found


def _known(routes: Routes) -> Routes:
    """The routes without those to screens that do not exist."""
    return {source: [each for each in targets if each in routes] for source, targets in routes.items()}


def _targets(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
