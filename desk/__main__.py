"""`qasid-desk`, or `python -m desk`.

The commands are loaded only here: a process that helps to seal (desk/sealers.py) loads this module and needs none.
"""

from importlib import import_module


def main() -> None:
    """The console script."""
    import_module("desk.cli").main()


if __name__ == "__main__":
    main()
