"""The page at `/`: a chat as a phone shows it. Served from these files, nothing remote."""

import asyncio

from aiohttp import web

from emulator.telegram import Telegram


def add_routes(app: web.Application, telegram: Telegram, closing: asyncio.Event) -> None:
    """Add the page."""
