"""Every dialogue with the bot, as the emulator's page shows it: pictures in docs/gallery, made by `make gallery`."""
