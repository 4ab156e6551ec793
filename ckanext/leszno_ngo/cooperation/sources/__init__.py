"""Formats of the cooperation's sources: registers, the court register, tables of results."""
