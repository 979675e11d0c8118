"""Files to instance: what a study says, what the catalogue knows, and every figure the model needs.

scenario/           what a user may choose, read from YAML with every fault named by its line
frame.py            the labels of a study (Setting): sites, halls, workloads, origins, slices, periods
climate.py power.py ground.py network.py demand.py law/ costs.py limits.py
                    the parts: each turns the labels into the fields it owns
fields.py           every field once: dimensions, unit, meaning
instance.py         the parts side by side, checked (instance_check.py)
admissible.py       who may be served from where
evidence.py catalogue.py tables/
                    what is embedded and where every value comes from
ingest/             readers for what users own, and the code that derived the tables
"""
