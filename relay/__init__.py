"""What the relay promises: plain synchronous rules that take a transaction and `now`."""
