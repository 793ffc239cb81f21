"""What a status costs a person, in bytes up and down with HTTP's headers: the real app, the real relay."""

from __future__ import annotations

from pathlib import Path

from tests.proofs.office import LargeOffice, aside, certify, found, renew
from tests.proofs.visit import begun
from tests.story.tale import PIN

#: What comes before it and counts with it.
NEWS, ROSTER = "a round of news", "a new roster"
#: True when the last part of the app is here, which follows once somebody is in.
WHOLE = """() => performance.getEntriesByType('resource').some(
  ({ name, responseEnd }) => name.includes('/assets/about-') && responseEnd > 0
)"""


def statuses(folder: Path, rounds: int) -> dict[str, list[int]]:
    """To an office of 20 officers with 40 devices: by itself (""), after NEWS, and after NEWS with a ROSTER in it.

    So many of each, but for one ROSTER. Raises AssertionError when one is smaller than a sealed message can be.
    """
    costs: dict[str, list[int]] = {}
    with begun(folder) as (stage, meter, phone):
        office, letter = aside(found(stage, LargeOffice))
        phone.open(f"{stage.url}/app/")
        phone.enrol(letter, PIN)
        aside(certify(stage, office))
        phone.refresh()
        phone.see("screen-home")
        phone.send_status("safe", "")  # whatever a first message costs besides
        phone.page.wait_for_function(WHOLE)
        for before in (*("", NEWS) * rounds, ROSTER):
            phone.see("refresh", ":enabled")
            if before == ROSTER:
                aside(renew(stage, office))
            meter.reset()
            if before:
                phone.refresh()
                phone.see("refresh", ":enabled")
            phone.send_status("moving", "")
            assert meter.up > 1_500, "a sealed status cannot be smaller: nothing was measured"
            costs.setdefault(before, []).append(meter.up + meter.down)
    return costs
