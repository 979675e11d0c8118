"""Instance to solution: the siting model, its solver, its audit and its report."""
