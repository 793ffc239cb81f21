"""The commands of `qasid`: one file for each noun. What only one of them needs is loaded when it runs."""
