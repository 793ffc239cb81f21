"""How long keys and papers live; judgement, in one place."""

from typing import Final

DAY: Final = 86400

ROSTER_LIFE: Final = 30 * DAY
ENTRY_LIFE: Final = 365 * DAY
# An epoch is renewed weekly; it may be sealed to as long as its roster lives, so that an office whose root holder
# is away is not cut off, and read long enough to fetch what was sealed on its last day.
EPOCH_RENEWAL: Final = 7 * DAY
EPOCH_SEAL: Final = 30 * DAY
EPOCH_LIFE: Final = 60 * DAY
PREKEY_RENEWAL: Final = 7 * DAY
PREKEY_SEAL: Final = 30 * DAY
KEYS_NEAR: Final = 7 * DAY  # a phone whose keys run out so soon is asked to open its app
PREKEY_LIFE: Final = 60 * DAY
MESSAGE_LIFE: Final = 30 * DAY
LETTER_LIFE: Final = 14 * DAY
OFFICER_INVITATION_LIFE: Final = 7 * DAY
