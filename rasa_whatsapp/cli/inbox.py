"""`rasa-whatsapp inbox`: what waits, what was given up, and what is kept of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rasa_whatsapp.cli.calling import Credentials, Json, Yes, confirm, finish
from rasa_whatsapp.cli.output import print_json, print_table, refuse

if TYPE_CHECKING:
    from rasa_whatsapp.delivery.rows import Record
    from rasa_whatsapp.delivery.stores import Records

T = TypeVar("T")

inbox = typer.Typer(
    help="Messages and answers that the bot keeps: see them, try them again, erase them.",
    no_args_is_help=True,
)

Store = Annotated[str, typer.Option("--store", help="The store's URL; by default that of the settings.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As `inbox list` shows them.")]


class State(str, Enum):
    """What `list` can be asked for."""

    waiting = "waiting"
    running = "running"
    dead = "dead"
    done = "done"
    sent = "sent"


@inbox.command("list")
def list_rows(
    state: Annotated[
        State | None, typer.Option(help="By default all that is not over: waiting, running and dead.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many of each state.")] = 100,
    store: Store = "",
    credentials: Credentials = None,
    as_json: Json = False,
) -> None:
    """Show turns (what came in) and answers (what goes out), without their texts and with masked numbers."""
    from rasa_whatsapp.cli.inbox_view import COLUMNS, cells, summary

    async def newest(records: Records) -> list[Record]:
        return [row for lane, each in _asked(state) for row in await records.rows(lane, each, limit)]

    rows = _read(store, credentials, newest)
    if as_json:
        print_json([summary(row) for row in rows])
    elif rows:
        print_table(COLUMNS, map(cells, rows))
    else:
        typer.echo("Nothing.")


@inbox.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `inbox list` shows it.")],
    store: Store = "",
    credentials: Credentials = None,
) -> None:
    """Show all that is kept of a turn or an answer as JSON, the message's text and the person included."""
    from rasa_whatsapp.cli.inbox_view import whole

    rows = _read(store, credentials, lambda records: records.find(id))
    if not rows:
        refuse(f"Nothing is kept under {id}.")
    for row in rows:
        print_json(whole(row))


@inbox.command()
def retry(
    ids: Ids = None,
    all_dead: Annotated[
        bool,
        typer.Option("--all-dead", help="All dead letters but those that WhatsApp may have accepted."),
    ] = False,
    store: Store = "",
    credentials: Credentials = None,
) -> None:
    """Put dead letters back, behind what waits in their conversations, however old they are."""
    from rasa_whatsapp.cli.inbox_letters import Retried, retry_all, retry_some

    if all_dead == bool(ids):
        raise typer.BadParameter("Name the dead letters, or say --all-dead.")

    async def again(records: Records) -> Retried:
        return await retry_all(records) if all_dead else await retry_some(records, ids or [])

    retried = _read(store, credentials, again)
    typer.echo(f"{_count(retried.again, 'dead letter')} put back.")
    if retried.unknown:
        typer.echo(
            f"{_count(len(retried.unknown), 'answer')} left alone: WhatsApp may have accepted them, and the "
            "person would get them twice. To send them all the same, name them:\n"
            + "\n".join(retried.unknown)
        )
    if retried.missing:
        refuse(f"No dead letter: {', '.join(retried.missing)}.")


@inbox.command()
def purge(
    older_than: Annotated[str, typer.Option(help="Seconds, or a number with a unit: 12h, 30d.")] = "30d",
    dead: Annotated[
        bool, typer.Option("--dead", help="Only dead letters, not the ids of what is done.")
    ] = False,
    yes: Yes = False,
    store: Store = "",
    credentials: Credentials = None,
) -> None:
    """Delete dead letters, and the ids of what is done, that are older than a time.

    Ids of what is done stay for 7 days in any case: for so long Meta may deliver a message again.

    After that a running bot deletes them by itself.
    """
    from rasa_whatsapp.cli.inbox_letters import purge as delete
    from rasa_whatsapp.settings.kinds import Wrong, duration

    try:
        seconds = duration(or_none=True).read(older_than)
    except Wrong as wrong:
        raise typer.BadParameter(f"{older_than} {wrong.problem} {wrong.remedy}") from None
    confirm(f"Delete what is older than {older_than}?", yes)
    letters, done = _read(store, credentials, lambda records: delete(records, seconds, dead))
    typer.echo(f"{_count(letters, 'dead letter')} and {_count(done, 'id')} of what is done deleted.")


@inbox.command()
def forget(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A phone number or a WhatsApp user id.")],
    yes: Yes = False,
    store: Store = "",
    credentials: Credentials = None,
    as_json: Json = False,
) -> None:
    """Erase a person: their numbers and ids, messages and answers in every state, and what hangs on them.

    A Brazilian mobile number is looked for with and without its ninth digit.
    """
    from rasa_whatsapp.cli.inbox_person import Asked, erased
    from rasa_whatsapp.cli.inbox_person import forget as erase
    from rasa_whatsapp.errors import MessageError

    try:
        asked = Asked.read(person)
    except MessageError as error:
        raise typer.BadParameter(f"It {error.problem}.") from None
    confirm(f"Erase everything that is kept of {' or '.join(asked.shown)}? It cannot be undone.", yes)
    forgotten = _read(store, credentials, lambda records: erase(records, asked))
    if as_json:
        import msgspec

        print_json({**msgspec.to_builtins(forgotten), "looked_for": asked.shown})
    else:
        typer.echo(erased(forgotten, asked))


def _asked(state: State | None) -> list[tuple[str, str]]:
    """Lanes and states; an answer that is done is called sent."""
    if state is State.done:
        return [("turn", "done")]
    if state is State.sent:
        return [("answer", "done")]
    states = [state] if state else [State.running, State.waiting, State.dead]
    return [(lane, each.value) for lane in ("turn", "answer") for each in states]


def _read(store: str, credentials: Path | None, work: Callable[[Records], Awaitable[T]]) -> T:
    """Does the work on the rows of the store that the options name."""

    async def opened() -> T:
        from rasa_whatsapp.delivery.stores import records_of

        records = records_of(store or _configured(credentials))
        await records.open()
        try:
            return await work(records)
        finally:
            await records.close()

    return finish(opened)


def _configured(credentials: Path | None) -> str:
    from rasa_whatsapp.settings import find_credentials, load_store, read_credentials

    return load_store(read_credentials(find_credentials(credentials)))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
