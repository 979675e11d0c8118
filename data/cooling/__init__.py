"""What a hall draws from grid and well: component models of six cooling systems, as functions of arrays."""

from data.cooling.parts import Draw, Operation, Outdoor
from data.cooling.systems import SYSTEMS, facility

__all__ = ["SYSTEMS", "Draw", "Operation", "Outdoor", "facility"]
