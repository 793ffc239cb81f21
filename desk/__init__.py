"""The officer's client: keys live here, the relay is reached over HTTP only."""
