"""Whether a child's say stands in the way of telling of a family: the relay decides it, the desk asks before."""

from crypto.casefile import FAMILY
from desk import cases
from desk.errors import DeskError
from desk.office import Desk


class Minors:
    """Asks the relay for households when the first family is told of, and once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._households: dict[str, str] | None = None

    def check(self, alias: str, groups: list[str]) -> None:
        """Raises DeskError `assent_refused` or `assent_missing` when these groups tell of a minor who did not agree."""
        if FAMILY not in groups:
            return
        if self._households is None:
            open_ = cases.listed(self._desk, closed=False)
            self._households = {each: case["alias"] for case in open_ for each in case["contacts"]}
        household = self._households.get(alias)
        members = cases.show(self._desk, household)["members"] if household else []
        guardians = {each["member"] for each in members if each["contact"] == alias}
        said = {each["assent"] for each in members if each["guardian"] in guardians}
        if "declined" in said:
            raise DeskError(
                "a child in their care does not agree to the family being told of", "", "assent_refused"
            )
        if "none" in said:
            raise DeskError("not every child in their care was asked yet", "", "assent_missing")
