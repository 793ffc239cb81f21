"""Who may do what, found out by asking: `python -m tests.roles` writes docs/ROLES.md, the tests hold it to that."""
