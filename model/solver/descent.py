"""Local search on whole columns: one hall or grid step fewer here, one more there, judged by the LP of all the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.solver.search import BY_PERIOD, FIRST_STAGE, Search

Array = np.ndarray[Any, Any]
Move = tuple[tuple[int, float], ...]  # which whole columns (places in `every`), by how much
DOWN, UP = 12, 6  # of the whole columns with the best prices, how many are tried in pairs


class Descent:
    """Holds a search's whole columns at fixed values and moves a few at a time while the cost falls."""

    def __init__(self, search: Search, values: Array):
        self.search, self.master = search, search.master
        self.highs = self.master.highs
        self.every = search.columns(*FIRST_STAGE, *BY_PERIOD)
        self.low, self.high = self.highs.lower[self.every], self.highs.upper[self.every]
        self.at = np.round(values[self.every])
        self.sites, self.families = self._sites(), self._families()
        self.tried = 0

    def __enter__(self) -> Descent:
        self.highs.set_bounds(self.every, self.at, self.at)
        self.values = self._solved()
        return self

    def __exit__(self, *_: object) -> None:
        self.highs.set_bounds(self.every, self.low, self.high)

    def _families(self) -> list[Array]:
        """Places of halls and grid steps, n × T, −1 where there is none."""
        place = np.full(self.highs.columns, -1)
        place[self.every] = np.arange(len(self.every))
        at = [self.master.core.at[name] for name in BY_PERIOD]
        return [np.where(a >= 0, place[np.maximum(a, 0)], -1).reshape(-1, a.shape[-1]) for a in at]

    def _sites(self) -> list[tuple[int, Array, int]]:
        """Places of each site and period that may open: is_open, its new halls by type, its grid steps (−1: none)."""
        place = np.full(self.highs.columns, -1)
        place[self.every] = np.arange(len(self.every))
        at = {name: np.where(a >= 0, place[np.maximum(a, 0)], -1) for name, a in self.master.core.at.items()}
        where = np.argwhere(at["is_open"] >= 0)
        return [(int(at["is_open"][i, t]), at["built_halls"][i, :, t], int(at["grid_steps"][i, t])) for i, t in where]

    def _solved(self) -> Array | None:
        """LP values with every row kept, or None; who is not served costs what the elastic columns cost."""
        for _ in range(8):
            if self.highs.solve() != "Optimal":
                return None
            values = self.highs.values
            if not self.master.gates.add_violated(values, 1e-5):
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
        return self.values if self.values[self.master.elastic].sum() < 1e-6 else None

    def _moves(self) -> list[Move]:
        """Moves the prices of the whole columns speak for, the best first."""
        price = self.highs.reduced_costs(self.highs.duals)[self.every]
        single = [move for family in self.families for move in self._spans(family)]
        worth = np.array([sum(step * price[n] for n, step in move) for move in single])
        order = np.argsort(worth, kind="stable")
        down = [single[n] for n in order if single[n][0][1] < 0][:DOWN]
        up = [single[n] for n in order if single[n][0][1] > 0][:UP]
        moves = single + [(*less, *more) for less in down for more in up if less[0][0] != more[0][0]]
        short = self.values is not None and self.values[self.master.elastic].sum() > 1e-6
        lists = (self._openings(), moves) if short else (moves, self._openings())
        return [move for some in lists for move in _promising(some, price)]

    def _spans(self, family: Array) -> list[Move]:
        """One fewer, and one more, from some period on to the last."""
        moves: list[Move] = []
        known = family >= 0
        at = np.where(known, self.at[family], 0.0)
        less, more = at > np.where(known, self.low[family], 0) + 0.5, at < np.where(known, self.high[family], 0) - 0.5
        for step, possible in ((-1.0, less), (1.0, more)):
            to_the_end = np.logical_and.accumulate((possible | ~known)[:, ::-1], axis=1)[:, ::-1] & known
            moves += [tuple((int(n), step) for n in family[row, t:] if n >= 0) for row, t in np.argwhere(to_the_end)]
        return moves

    def _openings(self) -> list[Move]:
        """Closing an open site with all that stands there; opening one with a hall of some type and a grid step."""
        moves: list[Move] = []
        for site, halls, steps in self.sites:
            there = [int(n) for n in (site, *halls, steps) if n >= 0]
            if self.at[site] > 0.5:
                if (self.low[there] < 0.5).all():
                    moves.append(tuple((n, -float(self.at[n])) for n in there if self.at[n] > 0.5))
            elif self.high[site] > 0.5:
                grid = [steps] if steps >= 0 and self.high[steps] > 0.5 else []
                moves += [
                    tuple((n, 1.0) for n in (site, int(h), *grid)) for h in halls if h >= 0 and self.high[h] > 0.5
                ]
        return moves

    def _try(self, move: Move, best: float) -> tuple[float, Array] | None:
        """Make the move and keep it if it saves; undone otherwise."""
        self.tried += 1
        places = np.array([n for n, _ in move])
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


def _promising(moves: list[Move], price: Array) -> list[Move]:
    """The moves that save at present prices, the best first."""
    worth = [sum(step * price[n] for n, step in move) for move in moves]
    return [moves[n] for n in np.argsort(worth, kind="stable") if worth[n] < -1e-6]
