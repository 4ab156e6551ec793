"""Letters of the portal: a name with a line break, however it was stored, breaks none of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.lib import mailer

from ckanext.leszno_ngo import text


def send_plain(is_sent: bool, name: str, address: str, subject: str, *content: Any) -> bool:
    """Send a letter whose headers would have line breaks with plain ones (CKAN's ``INotifier``).

    :param is_sent: whether another plugin has sent it
    :param name: of the recipient
    :param address: of the recipient
    :param subject: of the letter
    :param content: what CKAN sends besides, in its order
    :returns: whether it is sent; ``False`` leaves it to CKAN
    """
    to, at, about = text.one_line(name), text.one_line(address), text.one_line(subject)
    if is_sent or (to, at, about) == (name, address, subject):
        return is_sent
    mailer.mail_recipient(to, at, about, *content)
    return True


def name_plainly(topic: str, data: Mapping[str, Any]) -> None:
    """Bring the name of the department or group in an invitation to one line.

    :param topic: what the letter is about, as CKAN names it
    :param data: what CKAN writes it from
    """
    group = data.get("group") if topic == "user_invited" else None
    if isinstance(group, dict) and isinstance(group.get("title"), str):
        group["title"] = text.one_line(group["title"])
