"""Figures beside the physical limits they are measured against: `python -m bench`."""
