"""From a source's bytes to a plan of changes: sources, normalise, compare, run, report."""
