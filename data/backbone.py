"""The backbone as a graph: nodes, land routes, submarine cables, and the quickest way between two points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data.evidence import read_table
from data.geodesy import great_circle_km

Mode = Literal["direct_link", "public_internet"]
Array = np.ndarray

LINK_CLASSES = ("land_china", "land_europe", "land_north_america", "land_other", "sea")
FEATURES = (*LINK_CLASSES, "hops", "crossings")  # km per class, links passed, borders of the mainland crossed
OWN_CLASS = ("china", "europe", "north_america")
HOPS, CROSSINGS = FEATURES.index("hops"), FEATURES.index("crossings")
MAINLAND = "CN"
ACCESS_NODES = 3  # a point may reach the backbone by any of its nearest nodes
EXTRA_ACCESS_KM = 150.0  # nobody lays fibre much farther than to the nearest node
NO_WAY = 1e9


@dataclass(frozen=True)
class Points:
    """Places that need a way over the backbone: degrees, and whether they lie in the mainland."""

    latitude: Array
    longitude: Array
    mainland: Array

    @classmethod
    def of(cls, table: pd.DataFrame) -> Points:
        """Points of a table with latitude, longitude and country."""
        places = table["latitude"].to_numpy(float), table["longitude"].to_numpy(float)
        return cls(*places, (table["country"] == MAINLAND).to_numpy())


@cache
def backbone_nodes() -> pd.DataFrame:
    """National nodes, landing points and exchanges, indexed by id."""
    return read_table("backbone_nodes.csv", "id")


@cache
def backbone_links() -> pd.DataFrame:
    """Routes between nodes with great-circle km, class, and whether they leave the mainland by a gateway."""
    links, nodes = read_table("backbone_links.csv"), backbone_nodes()
    a, b = nodes.loc[links["node_a"]], nodes.loc[links["node_b"]]
    km = great_circle_km(*(end[axis].to_numpy() for end in (a, b) for axis in ("latitude", "longitude")))
    same_region = (a["region"].to_numpy() == b["region"].to_numpy()) & a["region"].isin(OWN_CLASS).to_numpy()
    land = np.where(same_region, "land_" + a["region"].to_numpy(dtype=object), "land_other")
    return links.assign(
        km=km,
        link_class=np.where(links["kind"] == "sea", "sea", land),
        crossing=(a["country"].to_numpy() == MAINLAND) != (b["country"].to_numpy() == MAINLAND),
        gateway=(a["gateway"].to_numpy() == "yes") | (b["gateway"].to_numpy() == "yes"),
    )


def open_links(mode: Mode) -> pd.DataFrame:
    """The links a mode may use.

    On the public internet the mainland is left through the gateways only; a leased line may land anywhere.
    """
    links = backbone_links()
    return links if mode == "direct_link" else links.loc[~links["crossing"] | links["gateway"]]


def quickest_features(round_trip_ms: Mapping[str, float], mode: Mode) -> tuple[Array, Array]:
    """Round-trip ms (node, node) and features (node, node, feature) of the quickest way between all nodes.

    `round_trip_ms` gives the ms per unit of each feature.
    """
    return _quickest(tuple(round_trip_ms[name] for name in FEATURES), mode)


@cache
def _quickest(weights: tuple[float, ...], mode: Mode) -> tuple[Array, Array]:
    links, nodes = open_links(mode), backbone_nodes().index
    a, b = (nodes.get_indexer(pd.Index(links[end])) for end in ("node_a", "node_b"))
    step = np.zeros((len(nodes), len(nodes), len(FEATURES)))
    step[a, b, [LINK_CLASSES.index(name) for name in links["link_class"]]] = links["km"]
    step[a, b, HOPS], step[a, b, CROSSINGS] = 1, links["crossing"]
    step[b, a] = step[a, b]
    lengths = coo_array((step[a, b] @ np.array(weights), (a, b)), shape=step.shape[:2]).tocsr()
    ms, before = dijkstra(lengths, directed=False, return_predecessors=True)
    total = np.zeros_like(step)
    rows = np.arange(len(nodes))
    # Nearer nodes are complete before farther ones build on them.
    for target in np.argsort(ms, axis=1, kind="stable")[:, 1:].T:
        previous = before[rows, target]
        known = previous >= 0
        total[rows[known], target[known]] = total[rows[known], previous[known]] + step[previous[known], target[known]]
    return ms, total


def route_features(a: Points, b: Points, round_trip_ms: Mapping[str, float], mode: Mode) -> Array:
    """Features (a, b, feature) of the quickest way from every point of `a` to every point of `b`.

    Each point reaches the backbone over land by one of its nearest nodes on its own side of the border.
    """
    ms, features = quickest_features(round_trip_ms, mode)
    node_class = _node_classes()
    per_km = np.array([round_trip_ms[name] for name in LINK_CLASSES])[node_class]
    node_a, km_a = _access(a)
    node_b, km_b = _access(b)
    best = np.full((len(node_a), len(node_b)), np.inf)
    chosen = np.zeros((*best.shape, len(FEATURES)))
    for near_a, reach_a in zip(node_a.T, km_a.T, strict=True):
        for near_b, reach_b in zip(node_b.T, km_b.T, strict=True):
            pair = np.ix_(near_a, near_b)
            total = ms[pair] + (reach_a * per_km[near_a])[:, None] + (reach_b * per_km[near_b])[None, :]
            candidate = features[pair].copy()
            candidate[np.arange(len(near_a)), :, node_class[near_a]] += reach_a[:, None]
            candidate[:, np.arange(len(near_b)), node_class[near_b]] += reach_b[None, :]
            better = total < best
            best[better], chosen[better] = total[better], candidate[better]
    return chosen


def _node_classes() -> Array:
    region = backbone_nodes()["region"]
    names = ("land_" + region).where(region.isin(OWN_CLASS), "land_other")
    return np.array([LINK_CLASSES.index(name) for name in names])


def _access(points: Points) -> tuple[Array, Array]:
    nodes = backbone_nodes()
    km = great_circle_km(
        points.latitude[:, None], points.longitude[:, None],
        nodes["latitude"].to_numpy()[None, :], nodes["longitude"].to_numpy()[None, :],
    )  # fmt: skip
    abroad = (nodes["country"] == MAINLAND).to_numpy()[None, :] != points.mainland[:, None]
    km = np.where(abroad, NO_WAY, km)
    km = np.where(km > km.min(axis=1, keepdims=True) + EXTRA_ACCESS_KM, NO_WAY, km)
    nearest = np.argsort(km, axis=1, kind="stable")[:, :ACCESS_NODES]
    return nearest, np.take_along_axis(km, nearest, axis=1)
