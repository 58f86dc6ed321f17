"""What every benchmark does with its figures: medians over rounds, ratios, a table, a JSON file."""

import argparse
import json
import statistics
import sys
from pathlib import Path


def options(description, **numbers):
    """The options of a benchmark: these numbers with their defaults, and --json FILE."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--json", type=Path, help="write the figures of every round to this file")
    return parser.parse_args()


def in_turn(rounds, measures):
    """Takes each measure once, then all again, so that a busy minute of the machine hits all alike;
    returns the list of every measure's figures by its name."""
    figures = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
            print(f"{name:<40} {figures[name][-1]:10.2f}", file=sys.stderr)
    return figures


def medians(figures):
    return {name: statistics.median(rows) for name, rows in figures.items()}


def show(rows, *, figures, file):
    """Prints each row (what, figure, goal) and writes them to the file with every round's figures."""
    for name, figure, goal in rows:
        print(f"{name:<56} {figure:>10,.2f}  {goal}")
    if file:
        table = [
            {"what": name, "figure": round(figure, 4), "goal": goal} for name, figure, goal in rows
        ]
        file.write_text(json.dumps({"table": table, "rounds": figures}, indent=1), "utf-8")
