"""How long a row is tried again."""

from __future__ import annotations

from arrivals import Clock

from rasa_whatsapp.delivery.patience import FORGOTTEN, Patience


def test_it_begins_with_the_first_refusal_and_anew_after_an_end() -> None:
    """Each row has its own."""
    clock = Clock()
    patience = Patience(clock)
    assert not patience.is_over("a", 60)
    clock.now += 59
    assert not patience.is_over("a", 60)
    assert not patience.is_over("b", 60)
    clock.now += 1
    assert patience.is_over("a", 60)
    assert not patience.is_over("b", 60)
    patience.end("a")
    assert not patience.is_over("a", 60)


def test_what_another_worker_took_over_is_forgotten() -> None:
    """Nobody says that it has ended; should it come back, it is new."""
    clock = Clock()
    patience = Patience(clock)
    patience.is_over("a", 60)
    clock.now += FORGOTTEN * 60 + 1
    patience.is_over("b", 60)
    assert not patience.is_over("a", 60)


def test_however_late_the_next_try_it_is_over() -> None:
    """A row that was told to wait for longer than anybody has patience."""
    clock = Clock()
    patience = Patience(clock)
    patience.is_over("a", 60)
    clock.now += FORGOTTEN * 60 + 1
    assert patience.is_over("a", 60)


def test_who_wakes_a_moment_early_has_waited_to_the_end() -> None:
    """Else a row that WhatsApp told to wait for the whole time would wait as long once more."""
    clock = Clock()
    patience = Patience(clock)
    patience.is_over("a", 60)
    clock.now += 59.995
    assert patience.is_over("a", 60)
