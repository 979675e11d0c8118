"""What a user may choose, as one frozen value read from a YAML brief."""

from data.scenario.root import Scenario

__all__ = ["Scenario"]
