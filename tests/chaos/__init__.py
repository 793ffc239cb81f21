"""A broadcast in a storm of kills and faults, counted by Telegram's own record: `make chaos`."""
