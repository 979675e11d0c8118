"""Files to instance: the world a plan is made in, as one labelled Dataset with units."""
