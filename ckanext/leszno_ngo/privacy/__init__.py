"""What is kept of persons, for how long, and how it is erased (docs/rodo.md)."""
