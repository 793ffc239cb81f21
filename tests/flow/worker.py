"""A relay's delivery in a process of its own, and nothing else of the relay; set up by QASID_* as that is."""

import asyncio

from handlers import log
from handlers.app import House, open_parts
from handlers.clock import clock_of
from handlers.config import Settings


async def main() -> None:
    settings = Settings.load()
    store, vault = open_parts(settings)
    house = House(settings, store, vault, clock_of(settings.clock_file))
    await house.dispatch.initialize()
    await house.delivery.run()


if __name__ == "__main__":
    log.configure()
    asyncio.run(main())
