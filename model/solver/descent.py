"""Local search on whole columns: one hall or grid step fewer here, one more there, judged by the LP of all the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.solver.search import BY_PERIOD, FIRST_STAGE, Search

Array = np.ndarray[Any, Any]
Move = tuple[tuple[int, float], ...]  # which whole column, by how much


class Descent:
    """Holds a search's whole columns at fixed values and moves them one or two at a time while the cost falls."""

    def __init__(self, search: Search, values: Array):
        self.search, self.master = search, search.master
        self.highs = self.master.highs
        self.columns = search.columns(*BY_PERIOD)
        self.every = search.columns(*FIRST_STAGE, *BY_PERIOD)
        self.low, self.high = self.highs.lower[self.every], self.highs.upper[self.every]
        place = {int(c): n for n, c in enumerate(self.every)}
        self.where = np.array([place[int(c)] for c in self.columns])
        self.at = np.round(values[self.every])
        self.tried = 0

    def __enter__(self) -> Descent:
        self.highs.set_bounds(self.every, self.at, self.at)
        self.values = self._solved()
        return self

    def __exit__(self, *_: object) -> None:
        self.highs.set_bounds(self.every, self.low, self.high)

    def _solved(self) -> Array | None:
        """LP values with everyone served and every row kept, or None."""
        for _ in range(8):
            if self.highs.solve() != "Optimal":
                return None
            values = self.highs.values
            if values[self.master.elastic].sum() > 1e-6:
                return None
            if not self.master.add_violated(values, 1e-5):
                return values
        return None

    def run(self, most: int) -> Array | None:
        """Values of the best plan after at most `most` trials; None if the given one does not serve everyone."""
        if self.values is None:
            return None
        best = self.search.exact(self.values)
        while self.tried < most and self.search.progress.go_on():
            for move in self._moves():
                if self.tried >= most or not self.search.progress.go_on():
                    break
                found = self._try(move, best)
                if found is not None:
                    best, self.values = found
                    break
            else:
                break
        return self.values

    def _moves(self) -> list[Move]:
        """Moves the prices of the whole columns speak for, the best first: (place, step) one or two at a time."""
        reduced = self.highs.reduced_costs(self.highs.duals)[self.columns]
        at, low, high = self.at[self.where], self.low[self.where], self.high[self.where]
        down = [n for n in np.argsort(-reduced) if reduced[n] > 1e-6 and at[n] > low[n] + 0.5]
        up = [n for n in np.argsort(reduced) if reduced[n] < -1e-6 and at[n] < high[n] - 0.5]
        moves: list[tuple[float, Move]] = [(-reduced[n], ((int(n), -1.0),)) for n in down]
        moves += [(reduced[n], ((int(n), 1.0),)) for n in up]
        moves += [(reduced[m] - reduced[n], ((int(n), -1.0), (int(m), 1.0))) for n in down[:12] for m in up[:6]]
        return [move for _, move in sorted(moves, key=lambda pair: pair[0])]

    def _try(self, move: Move, best: float) -> tuple[float, Array] | None:
        """Make the move and keep it if it saves; undone otherwise."""
        self.tried += 1
        places = self.where[[n for n, _ in move]]
        before = self.at[places]
        self.at[places] = before + np.array([step for _, step in move])
        self.highs.set_bounds(self.every[places], self.at[places], self.at[places])
        values = self._solved()
        cost = np.inf if values is None else self.search.exact(values)
        if values is not None and cost < best * (1 - 1e-7):
            return cost, values
        self.at[places] = before
        self.highs.set_bounds(self.every[places], before, before)
        return None
