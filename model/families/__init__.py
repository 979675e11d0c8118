"""Constraint families in reading order; each reads only what earlier ones declared."""

from model.families.budget import add_budget
from model.families.contracts import add_contracts
from model.families.energy import add_energy
from model.families.green import add_green
from model.families.grid import add_grid
from model.families.halls import add_halls
from model.families.hosting import add_hosting
from model.families.opening import add_opening
from model.families.policy import add_policy
from model.families.standards import add_standards
from model.families.transfers import add_transfers
from model.families.water import add_water

FAMILIES = (
    add_opening,
    add_halls,
    add_hosting,
    add_grid,
    add_contracts,
    add_energy,
    add_policy,
    add_water,
    add_green,
    add_standards,
    add_transfers,
    add_budget,
)
