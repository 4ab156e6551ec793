"""Actions that the plugin registers: none takes the place of another of the same name."""

import pytest

from ckanext.leszno_ngo import logic


def test_no_action_is_lost_under_another_of_its_name():
    assert logic.together({"a": 1}, {"b": 2}) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match="user_update"):
        logic.together({"user_update": 1}, {}, {"user_update": 2, "b": 3})
