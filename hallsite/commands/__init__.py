"""The verbs of the command line, one file each; heavy packages are imported inside them."""
