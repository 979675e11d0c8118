"""Many studies at once: designs, workers, what each member found, and one labelled cube of all."""
