"""Who may do what, found out by asking: `make roles` writes docs/ROLES.md, the tests hold it to that."""
