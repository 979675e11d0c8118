"""Datasets to figures: every chart is a function of runs and a look; its table is a function beside it."""
