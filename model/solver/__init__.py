"""Compile, generate columns and rows, find plans, prove bounds, report progress."""

from model.solver.engine import solve

__all__ = ["solve"]
