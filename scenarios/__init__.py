"""Shipped studies: one YAML brief each, found as package data."""
