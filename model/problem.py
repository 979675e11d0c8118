"""The instance as plain arrays: positions instead of labels, present-value weights worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from data.admissible import admissible_flags
from data.fields import INSTANCE

Array = np.ndarray[Any, Any]
MONEY = 1e-6  # the solver counts in million CNY, so that rows and costs stay near one


@dataclass(frozen=True)
class Problem:
    """An instance read once. Attribute `x.<field>` is the numpy array of a field, in the order of its dimensions.

    Axes: I site, H hall_type, W workload, O origin, D stream, T period, S slice, Y hydro_year, E energy_source,
    K host (a site in an operator mode). Money in CNY, energy in MWh, power in MW.
    """

    instance: xr.Dataset

    def __getattr__(self, name: str) -> Array:
        if name.startswith("__") or name not in INSTANCE:
            raise AttributeError(name)
        if name not in self.instance:
            raise AttributeError(f"the instance has no {name}")
        array: Array = self.instance.variables[name].transpose(*INSTANCE[name].dims).values
        if INSTANCE[name].kind == "flag":
            array = array.astype(bool)
        elif INSTANCE[name].kind in ("number", "integer"):
            array = array.astype(float)
        self.__dict__[name] = array
        return array

    def has(self, name: str) -> bool:
        """Whether an optional field is there."""
        return name in self.instance

    def labels(self, dim: str) -> list[Any]:
        """The ids along a dimension."""
        return list(self._labels[dim])

    @cached_property
    def _labels(self) -> dict[str, list[Any]]:
        return {str(dim): self.instance.variables[dim].to_numpy().tolist() for dim in self.instance.dims}

    def size(self, dim: str) -> int:
        """How long a dimension is."""
        return int(self.instance.sizes[dim])

    def positions(self, dim: str, ids: Array) -> Array:
        """Positions of ids along a dimension."""
        where = {label: i for i, label in enumerate(self.labels(dim))}
        return np.array([where[x] for x in ids], dtype=np.int64)

    # who may be served from where
    @cached_property
    def admissible(self) -> Array:
        """Flags, D × I × M × T: latency, law, ground and plot let the site serve the stream in that mode and period."""
        by_workload = (
            np.einsum("wh,iht->wit", self.can_host.astype(np.float32), self.hall_usable.astype(np.float32)) > 0
        )
        flags: Array = self.reachable & by_workload[self.stream_workload_at][:, :, None, :]
        return flags

    @cached_property
    def reachable(self) -> Array:
        """Flags of the same shape, as data.admissible tells them: a whole hall need not fit with what else is set."""
        return admissible_flags(self.instance)

    @cached_property
    def host_site(self) -> Array:
        """Site of each host, K."""
        return self._hosts[0]

    @cached_property
    def host_mode(self) -> Array:
        """Operator mode of each host, K."""
        return self._hosts[1]

    @cached_property
    def _hosts(self) -> tuple[Array, Array]:
        site, mode = np.nonzero(np.any(self.admissible, axis=(0, 3)))
        return site, mode

    @cached_property
    def stream_origin_at(self) -> Array:
        """Position of each stream's origin, D."""
        return self.positions("origin", self.stream_origin)

    @cached_property
    def stream_workload_at(self) -> Array:
        """Position of each stream's workload, D."""
        return self.positions("workload", self.stream_workload)

    @cached_property
    def stream_case_at(self) -> Array:
        """Position of each stream's legal case, D."""
        return self.positions("legal_case", self.stream_legal_case)

    @cached_property
    def site_jurisdiction_at(self) -> Array:
        """Position of each site's jurisdiction, I."""
        return self.positions("jurisdiction", self.site_jurisdiction)

    @cached_property
    def stream_group(self) -> Array:
        """Streams that are replicas of one another share a number, D."""
        return self.stream_origin_at * self.size("workload") + self.stream_workload_at

    @cached_property
    def site_zone_at(self) -> Array:
        """Number of each site's zone, I."""
        return np.unique(self.site_zone.astype(str), return_inverse=True)[1]

    # halls
    @cached_property
    def new_halls_limit(self) -> Array:
        """Most new halls, I × H: 0 where the ground, the plot or the type forbids them."""
        room = np.floor(self.plot_limit[:, None] / self.hall_size[None] + 1e-9)
        permitted = self.site_allowed[:, None] & self.hall_type_allowed & self.hall_buildable[None]
        limit: Array = np.where(permitted & np.any(self.open_allowed, axis=1)[:, None], room, 0.0)
        return limit

    @cached_property
    def is_candidate(self) -> Array:
        """Flags, I: new halls can be built, so opening is a decision."""
        flags: Array = np.any(self.new_halls_limit, axis=1)
        return flags

    @cached_property
    def has_existing(self) -> Array:
        """Flags, I: halls stand already, so the site is open from the start and pays no opening."""
        flags: Array = np.any(self.existing_halls > 0, axis=(1, 2))
        return flags

    @cached_property
    def hall_usable(self) -> Array:
        """Flags, I × H × T: the type can stand at the site in the period."""
        new = (self.new_halls_limit > 0)[:, :, None] & self.open_allowed[:, None, :]
        return new | (self.existing_halls > 0)

    # money over time
    @cached_property
    def charge_years(self) -> Array:
        """Discounted years from a period to the horizon, T: what one annuity is paid for."""
        return self.year_weight[::-1].cumsum()[::-1]

    def capital_charge(self, life: float | Array) -> Array:
        """Present value of a unit of capital commissioned in each period, as annuities to the horizon, … × T.

        Replacement at end of life continues the annuity at the same real price.
        """
        rate = float(self.discount_rate)
        life = np.asarray(life, dtype=float)
        annuity = rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life
        return np.multiply.outer(annuity, self.charge_years)

    # energy
    @cached_property
    def year_hours(self) -> Array:
        """Hours of a slice times the probability of a hydrological year, S × Y."""
        return np.multiply.outer(self.slice_hours, self.hydro_year_probability)

    @cached_property
    def energy_value(self) -> Array:
        """What a MWh missing from contracts costs: grid, backup where rationed, and their carbon.

        I × S × Y × T, CNY/MWh.
        """
        carbon = self.carbon_price[None, None, None, :]
        grid = self.grid_price + self.grid_carbon[:, None] * carbon
        backup = self.backup_price[:, None, None, None] + self.backup_carbon[:, None, None, None] * carbon
        rationed = self.rationed_share[..., None]
        value: Array = (1 - rationed) * grid + rationed * backup
        return value

    @cached_property
    def contract_expected(self) -> Array:
        """Expected yearly delivery of a contracted MW, I × E, MWh/a."""
        delivery: Array = np.einsum("iesy,sy->ie", self.contract_delivery, self.year_hours)
        return delivery

    @cached_property
    def hosted_power(self) -> Array:
        """Facility load per hosted provisioned load, I × W × H × S."""
        power: Array = np.einsum("ihs,iws->iwhs", self.marginal_power, self.it_profile)
        return power
