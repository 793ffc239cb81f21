"""The schema's history, run by store.migrate."""

from typing import Final

HEAD: Final = "leases_refusals"
"""The newest version. A database that has it needs nothing of Alembic, which then is never loaded."""
