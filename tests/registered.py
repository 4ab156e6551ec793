"""The registries as a portal with both plugins has them, for tests without a portal."""

from ckanext.leszno_ngo import registration
from ckanext.leszno_ngo.common import CommonParts
from ckanext.leszno_ngo.cooperation.plugin import CooperationPlugin


def fill():
    registration.fill(
        [("leszno_ngo", CommonParts()), ("leszno_ngo_cooperation", CooperationPlugin())]
    )
