"""Offers: seats for a contact and whoever goes with them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, number, one_of, only, refers

LIVE = "state IN ('standby', 'held', 'accepted')"
OUTCOMES = "state IN ('boarded', 'no_show', 'not_lifted')"


class Offer(Model, table=True):
    """One live offer per contact and movement, and per household and movement: `case_alias` is the open case.

    Held seats are held until `hold_until`. `standby`, 1 to 9, and `waits_since` order those who wait. What became of
    the party is counted per traveller.
    """

    __tablename__ = "offers"
    __table_args__ = (
        refers(["office", "movement"], "allotments", ["office", "movement"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["office", "notice", "version"], "notices", ["office", "notice", "version"]),
        one_of(
            "state",
            *("standby", "held", "accepted", "declined", "expired", "withdrawn"),
            *("boarded", "no_show", "not_lifted"),
        ),
        CheckConstraint("party >= 1", name="party"),
        CheckConstraint("standby BETWEEN 1 AND 9", name="standby"),
        CheckConstraint(
            "state <> 'standby' OR (standby IS NOT NULL AND waits_since IS NOT NULL)", name="waits_since"
        ),
        CheckConstraint(
            f"CASE WHEN {OUTCOMES} THEN boarded >= 0 AND no_show >= 0 AND not_lifted >= 0"
            " AND coalesce(boarded + no_show + not_lifted, -1) = party"
            " ELSE boarded IS NULL AND no_show IS NULL AND not_lifted IS NULL END",
            name="outcome",
        ),
        only("uq_offers_live", "office", "movement", "contact", where=LIVE),
        only(
            "uq_offers_case", "office", "movement", "case_alias", where=f"{LIVE} AND case_alias IS NOT NULL"
        ),
        Index("ix_offers_notice", "office", "notice", "version"),
        Index("ix_offers_due", "state", "hold_until"),
    )
    office: bytes = key()
    offer: bytes = key()
    movement: bytes
    contact: bytes
    case_alias: str | None = None
    party: int
    notice: bytes
    version: int = number()
    state: str
    hold_until: datetime = moment()
    standby: int | None = None
    waits_since: datetime | None = moment(nullable=True)
    boarded: int | None = None
    no_show: int | None = None
    not_lifted: int | None = None
    changed_at: datetime = moment()


offers = core(Offer)
