"""Addresses that the national portal dane.gov.pl reads."""
