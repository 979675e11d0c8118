"""Solution to people: a Dash application over runs."""
