"""One demo, from the first start to the last stop."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import webbrowser
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from rasa_whatsapp.cli.demo.check import play
from rasa_whatsapp.cli.demo.club import NAME, Club, running
from rasa_whatsapp.cli.demo.logs import keep_logs
from rasa_whatsapp.cli.programs import ProgramFailed, Programs, environment
from rasa_whatsapp.cli.signals import stop_requested
from rasa_whatsapp.errors import WhatsAppError
from rasa_whatsapp.simulator import BadDay, Options, Restrictions, Simulator
from rasa_whatsapp.simulator.state.file import StateFileError


@dataclass(frozen=True)
class Show:
    """One run of the demo.

    Attributes:
        console: where it is shown.
        bot: the sample bot's folder.
        model: its model; trained when the file does not exist.
        options: how the local WhatsApp is started.
        check: play the scripted conversation instead of staying.
        browser: open the chat in the browser.
        bad_day: what goes wrong in the local WhatsApp, if anything shall, and the seed of its dice.
    """

    console: Console
    bot: Path
    model: Path
    options: Options
    check: bool
    browser: bool
    bad_day: BadDay | None = None
    seed: int = 0

    async def run(self) -> int:
        """Start everything, stay or play, and stop everything; the exit code.

        The logs stay when something went wrong.
        """
        asked = asyncio.create_task(stop_requested().wait())
        folder = Path(tempfile.mkdtemp(prefix="rasa-whatsapp-demo-"))
        show = asyncio.create_task(self._run(folder))
        await asyncio.wait({show, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not show.done():
            self.console.print("\nStopping …")
            show.cancel()  # once: the stopping itself must not be interrupted by a second Ctrl-C
            await asyncio.wait({show})
        asked.cancel()
        if show.cancelled():
            shutil.rmtree(folder)
            return int(self.check)
        if code := show.result():
            self._say(f"The logs are in {folder}")
        else:
            shutil.rmtree(folder)
        return code

    async def _run(self, folder: Path) -> int:
        try:
            async with Programs(folder, environment()) as programs:
                return await programs.during(self._use(programs, folder))
        except (ProgramFailed, OSError, WhatsAppError, StateFileError) as problem:
            self._say(f"\n✗ {problem}\n", style="red")
            return 1

    async def _use(self, programs: Programs, folder: Path) -> int:
        keep_logs(folder / "whatsapp.log")
        # What is restricted would keep the demo itself from setting up the bot's Flows.
        unrestricted = replace(self.options, verified_name=NAME, **Restrictions().named)
        whatsapp = Simulator.of(unrestricted)
        whatsapp.bad_day(self.bad_day, seed=self.seed)
        async with running(self.bot, self.model, programs, folder, whatsapp, self.console) as club:
            whatsapp.restrict(**self.options.named)
            if self.check:
                return await play(club, self.console)
            await self._stay(club, folder)
        return 0

    async def _stay(self, club: Club, folder: Path) -> None:
        self.console.print(
            Panel(
                f"Chat with the bot:  [bold]{club.whatsapp.url}[/]\n"
                f"The bot:            {escape(str(club.bot))}\n"
                f"Rasa's HTTP API:    {club.rasa_url}\n"
                f"Logs:               {folder}\n\n"
                "It speaks Spanish: write [bold]Hola[/]; [bold]más temas[/] shows what else it knows.\n"
                "Ctrl-C ends it all.",
                title="The club bot is on your WhatsApp",
                expand=False,
            ),
            soft_wrap=True,
        )
        if self.browser:
            await asyncio.to_thread(webbrowser.open, club.whatsapp.url)
        await asyncio.Event().wait()

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)
