"""What can be made to go wrong: one call or message, a bad day, or Meta's restrictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_whatsapp.simulator.graph.api import Graph
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.options import Options
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.serpro import Serpro
from rasa_whatsapp.simulator.state import State
from rasa_whatsapp.simulator.switches.bad_day import BadDay, Luck
from rasa_whatsapp.simulator.switches.faults import Fault, Faults
from rasa_whatsapp.simulator.switches.restrictions import Restrictions


class Troubles:
    """Troubles to order, for the bot of one local WhatsApp."""

    def __init__(self, options: Options, state: State, admission: Admission) -> None:
        self.faults = Faults(state)
        self.luck = Luck()
        self.sending = Serpro.SENDING if options.provider == "serpro" else Graph.SENDING
        """The part of a path by which a call is one that sends."""
        self._options = options
        self._admission = admission

    @property
    def restrictions(self) -> Restrictions:
        """The restrictions in force."""
        return self._admission.restrictions

    @property
    def described_restrictions(self) -> list[dict[str, Any]]:
        """The restrictions that the provider has, as a page needs them."""
        serpro = self._options.provider == "serpro"
        described = self.restrictions.described
        return [each for each in described if each["name"] == "token_lifetime"] if serpro else described

    def bad_day(self, day: BadDay | None = None, /, *, seed: int = 0, **chances: float) -> None:
        """Let WhatsApp have a bad day from now on: ``bad_day(duplicates=1.0, shuffled=0.3)``.

        Without chances it is a good day again. The same seed gives the same day.

        Args:
            day: the troubles, where they are not given by name.
            chances: how likely each trouble is, from 0 to 1; see :class:`BadDay` for their names.

        Raises:
            ValueError: there is no such trouble, or no such chance.
        """
        self.luck.set(day or BadDay.of(chances), seed)

    def restrict(self, restrictions: Restrictions | None = None, /, **named: Any) -> None:
        """Let Meta restrict the number from now on: ``restrict(standing="spam", pair_burst=45)``.

        Without any, it is free again. With Serpro there is ``token_lifetime`` alone.

        Args:
            restrictions: all of them, where they are not given by name.
            named: each by its name; see :class:`Restrictions`.

        Raises:
            ValueError: there is no such restriction, or it cannot have this value.
        """
        restrictions = restrictions or Restrictions.of(named)
        self._options.check(restrictions)
        self._admission.set(restrictions)

    def fail_next(
        self,
        code: int | None = None,
        *,
        http: int | None = None,
        times: int = 1,
        details: str = "",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        delay: float = 0.0,
        cut: bool = False,
        accepted: bool = False,
        path: str = "",
        recipient: str = "",
    ) -> None:
        """Let the next ``times`` calls to ``path``, by default those that send (for ``recipient``), go wrong.

        With ``code`` Meta's error of this code, under its usual or this ``http`` status; with ``body`` an
        HTML page; with ``cut`` a broken connection; with ``delay`` alone only a slow answer. ``accepted``:
        WhatsApp handles the call first, and only the answer is lost, wrong, late or of the status ``http``.
        """
        error = None if code is None else Refusal(code, details, http=http)
        self.faults.add(
            Fault(
                path=path or self.sending,
                recipient=recipient,
                times=times,
                delay=delay,
                error=error,
                http=http,
                body=body,
                headers=headers or {},
                cut=cut,
                accepted=accepted,
            )
        )

    def fail_delivery(self, code: int, *, details: str = "", recipient: str = "", times: int = 1) -> None:
        """Accept the next ``times`` messages (to ``recipient``) and report them as failed in a webhook."""
        self.faults.add(Fault(recipient=recipient, times=times, error=Refusal(code, details), status=True))
