"""The bot's side of a chat: people's buttons and officers' commands, each a rule in one transaction."""
