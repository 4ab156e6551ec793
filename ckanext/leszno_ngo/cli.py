"""Commands: ``ckan leszno-ngo …``."""

from __future__ import annotations

import click

from ckanext.leszno_ngo.harvest.command import harvest

__all__ = ["leszno_ngo"]


@click.group(name="leszno-ngo", short_help="Records of the programme of cooperation.")
def leszno_ngo() -> None:
    """Harvest, check and publish the records of the programme of cooperation."""


leszno_ngo.add_command(harvest)
