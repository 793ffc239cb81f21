"""A family's figures as a picture: each sample, their median, the limit they are held against, and the goal."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bench.figure import Figure
from bench.record import Record

WIDTH, ROW, HEAD = 8.0, 1.15, 0.55
MET, MISSED, LIMIT, GOAL = "#1b7837", "#b2182b", "#555555", "#2166ac"
#: Of a row's height: where the dots of all rounds lie, the first lowest.
LOWEST, SPREAD = 0.25, 0.5


def draw(record: Record, folder: Path) -> Path:
    """Draw it there as NAME.png; where. The same record gives the same bytes (by the same matplotlib)."""
    count = len(record.figures)
    height = HEAD + ROW * count + 0.25
    canvas = Canvas(figsize=(WIDTH, height), dpi=110, facecolor="white")
    canvas.text(0.02, 1 - 0.28 / height, record.promise, fontsize=11, weight="bold", va="center")
    for number, figure in enumerate(record.figures):
        bottom = (height - HEAD - ROW * (number + 1) + 0.45) / height
        _row(canvas.add_axes((0.02, bottom, 0.96, (ROW - 0.75) / height)), figure)
    path = folder / f"{record.name}.png"
    # The writer's own name would change with its version.
    canvas.savefig(path, metadata={"Software": None})
    return path


def _row(axes: Axes, figure: Figure) -> None:
    colour = MET if figure.met else MISSED
    right = 1.15 * max(*figure.samples, figure.goal, figure.limit_at or 0.0) or 1.0
    axes.set_xlim(0, right)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.tick_params(labelsize=7)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    sign = "≤" if figure.at_most else "≥"
    said = "met" if figure.met else "missed"
    axes.set_title(f"{figure.name}", fontsize=8.5, loc="left", pad=3)
    axes.set_title(
        f"{figure.shown(figure.median)}, goal {sign} {figure.goal:g}: {said}",
        fontsize=8.5,
        loc="right",
        pad=3,
        color=colour,
    )
    if figure.limit_at is not None:
        axes.axvline(figure.limit_at, color=LIMIT, linewidth=2.5)
    axes.axvline(figure.goal, color=GOAL, linewidth=1.2, linestyle="--")
    axes.barh(0.5, figure.median, height=0.62, color=colour, alpha=0.25)
    rows = [LOWEST + SPREAD * place / max(1, len(figure.samples) - 1) for place in range(len(figure.samples))]
    axes.plot(figure.samples, rows, ".", markersize=5, color=colour)
    limit = "limit" if figure.limit_at is None else "limit (grey)"
    axes.set_xlabel(f"{limit}: {figure.limit}; goal dashed", fontsize=7, loc="left", labelpad=1, color=LIMIT)
