"""What is wrong with a Flow, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that Meta would reject.

    Attributes:
        place: the path in the JSON, ``screens[0].layout.children[2].label``.
        text: what is wrong there.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class Report(list[Problem]):
    """The problems found so far."""

    def add(self, place: str, text: str) -> None:
        """Keeps a problem; the same one only once."""
        problem = Problem(place, text)
        if problem not in self:
            self.append(problem)
