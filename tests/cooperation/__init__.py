"""Tests of the record types of the cooperation."""
