"""Every edge: chat, HTTP, the Bot API out, the clock."""
