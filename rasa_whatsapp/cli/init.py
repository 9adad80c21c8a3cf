"""`rasa-whatsapp init`: the sample bot as a project of your own."""

from __future__ import annotations

import shlex
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

import typer

from rasa_whatsapp.cli.output import refuse

IGNORED = Path(".gitignore")


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", file_okay=False, help="Where it is put; made when it is not there."),
    ] = Path("."),
) -> None:
    """Put the sample bot into a folder, to start a bot of your own from; overwrites nothing."""
    from rasa_whatsapp.cli.demo.project import NotReady, find_sample_bot

    try:
        bot = find_sample_bot()
    except NotReady as problem:
        refuse(str(problem))
    files = _files(bot)
    # A folder that is in git already has one of its own, which is no reason to refuse.
    if ignored := (folder / IGNORED).exists():
        files.remove(IGNORED)
    if there := [str(folder / name) for name in files if (folder / name).exists()]:
        refuse(f"Nothing was written, because {there[0]} is there already. Choose another folder.")
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bot / name, folder / name)
    except OSError as problem:
        refuse(f"{folder} cannot be written: {problem.strerror}. Choose another folder.")
    typer.echo(f"✓ The sample bot is in {folder.resolve()}; its README.md shows what it can do.")
    if ignored:
        typer.echo(f"! Keep out of git, by your {IGNORED}: {', '.join(_patterns(bot / IGNORED))}.")
    where = "" if folder.resolve() == Path.cwd() else f" {shlex.quote(str(folder))}"
    demo = f"rasa-whatsapp demo{where}"
    typer.echo(f"Chat with it, with no account at Meta (in a clone by `uv run {demo}`):\n\n    {demo}\n")


def _files(bot: Path) -> list[Path]:
    """What belongs to the bot, and not what was made of it where it has run: keys and messages among it."""
    made = [*(pattern.rstrip("/") for pattern in _patterns(bot / IGNORED)), ".pytest_cache"]
    paths = (path.relative_to(bot) for path in sorted(bot.rglob("*")) if path.is_file())
    return [path for path in paths if not any(fnmatch(part, each) for part in path.parts for each in made)]


def _patterns(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
