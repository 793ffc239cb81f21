"""The programme of the gallery."""

from tests.gallery.dialogue import Dialogue, Programme
from tests.gallery.officers import OFFICERS
from tests.gallery.people import PEOPLE

#: A new dialogue is written in people.py or officers.py; `make gallery` then takes its pictures.
EVERY: dict[str, Dialogue] = Programme(PEOPLE | OFFICERS)
