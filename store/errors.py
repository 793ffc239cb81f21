"""What a store raises besides what the rules it runs raise."""


class StoreError(Exception):
    """The database could not do it. Nothing of the unit was kept; the message says what to do."""


class UnavailableError(StoreError):
    """The database is busy, full or out of reach: the same call may succeed later."""


class DoubtError(UnavailableError):
    """The database went away during the commit and stayed away: the one case where the unit may have been kept."""


class ClashError(StoreError):
    """The database refused an illegal state (a constraint): the same call would be refused again."""
