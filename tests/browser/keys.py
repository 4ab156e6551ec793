"""What a person without a mouse does: Tab, arrows, Enter, Space, typing.

Nothing here sets the focus or clicks: a thing that Tab does not reach cannot be used.
"""

from pathlib import Path

from playwright.sync_api import Error

#: More stops than the longest form has.
_STOPS = 600
_IS_AT = "selector => document.activeElement.matches(selector)"


def walk_to(tab, selector, back=False):
    """Press Tab (or Shift+Tab) until something that matches a selector has the focus."""
    for _stop in range(_STOPS):
        if _is_at(tab, selector):
            return
        tab.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not reach {selector} on {tab.url}")


def _is_at(tab, selector):
    try:
        return tab.evaluate(_IS_AT, selector)
    except Error as error:
        if "context was destroyed" not in str(error):
            raise
        # the page that follows is on its way
        tab.wait_for_load_state()
        return tab.evaluate(_IS_AT, selector)


def write(tab, selector, text):
    """Replace what a field has."""
    walk_to(tab, selector)
    tab.keyboard.press("Control+A")
    tab.keyboard.type(text)


def choose(tab, selector, value):
    """Walk through a list with the arrow until it has a value."""
    walk_to(tab, selector)
    tab.keyboard.press("Home")
    options = tab.evaluate("[...document.activeElement.options].length")
    for _option in range(options):
        if tab.evaluate("document.activeElement.value") == value:
            return
        tab.keyboard.press("ArrowDown")
    raise AssertionError(f"{selector} has no {value}")


def attach(tab, selector, file: Path):
    """Give a file to the field that has the focus: the system's window belongs to no page."""
    walk_to(tab, selector)
    tab.locator(":focus").set_input_files(file)


def press(tab, selector, key="Enter", back=False):
    """Walk to a link or a button and press it; the page that follows is there afterwards."""
    walk_to(tab, selector, back)
    with tab.expect_navigation():
        tab.keyboard.press(key)
