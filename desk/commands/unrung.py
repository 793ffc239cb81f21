"""`unrung`: whom to telephone, for nothing rings them."""

from dataclasses import asdict

import typer

from desk import unrung
from desk.commands.common import Json, at_desk
from desk.times import show_time
from desk.voice import table


def unrung_(context: typer.Context, *, as_json: Json = False) -> None:
    """List contacts whom nothing rings though mail waits for them, and why; departures first. The look is logged.

    Telephone them, and log it with `attempt`: whoever was reached is on the list no more.

    Example: qasid-desk unrung
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        found = unrung.listed(desk)
        shown = table("Not rung: telephone", "alias", "why", "mail", "waits since", "last try", "officer")
        for each in found:
            mail = "departure" if each.departure else "urgent" if each.urgent else "routine"
            times = (show_time(each.since), "—" if each.tried_at is None else show_time(each.tried_at))
            shown.add_row(each.alias, unrung.WHY[each.why], mail, *times, each.assigned or "—")
        voice.result(
            {"contacts": [asdict(each) for each in found]},
            lambda out: out.print(shown if found else "Whoever has mail has been rung."),
        )
