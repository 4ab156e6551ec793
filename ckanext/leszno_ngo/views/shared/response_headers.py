"""What every answer of the portal tells the browser: pages, files, the API and errors alike.

A wrapper around the whole application, not a function after each request: files of plugins, the
language's redirects and answers of other wrappers have the headers too. Strict-Transport-Security
is the proxy's, which knows whether the site is https alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import CKANApp

from ckanext.leszno_ngo import config, content_policy

Headers = list[tuple[str, str]]

#: No page asks for any of these, so nothing that got into one can.
_UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
_CONSTANT = {
    "X-Content-Type-Options": "nosniff",
    # Servers of map tiles want to know what site asks, and CKAN's check of forms its own address.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
}
# https://developers.google.com/recaptcha/docs/faq (Content-Security-Policy)
_RECAPTCHA: content_policy.Sources = {
    "script-src": ("https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"),
    "frame-src": ("https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"),
}


def put_on(app: CKANApp) -> CKANApp:
    """Wrap the application.

    :raises ValueError: the option of further sources cannot be read: said at the start, not in the
        answers
    """
    config.allowed_sources()
    app.wsgi_app = _with_headers(app.wsgi_app)
    return app


def content_security_policy() -> str:
    """Return the policy by what the portal is set to use now."""
    return content_policy.header(*_used(), config.allowed_sources())


def _used() -> Iterable[content_policy.Sources]:
    """Give the hosts that follow from other options."""
    pictures = [config.map_tiles().url, str(tk.config.get("ckan.site_logo") or "")]
    if tk.config.get("ckan.gravatar_default") != "disabled":
        pictures.append("//gravatar.com/avatar")
    yield {"img-src": content_policy.origins(pictures)}
    assets = content_policy.origins([str(tk.config.get("ckan.webassets.url") or "")])
    yield {"script-src": assets, "style-src": assets, "font-src": assets}
    if tk.config.get("ckan.recaptcha.publickey"):
        yield _RECAPTCHA


def _with_headers(app: Callable[..., Any]) -> Callable[..., Any]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: Headers, *exc_info: Any) -> Any:
            return start_response(status, [*headers, *_missing(headers)], *exc_info)

        return app(environ, start)

    return answer


def _missing(headers: Headers) -> Headers:
    """Give what an answer does not say itself: a view may have a stricter policy of its own."""
    said = {name.lower() for name, _value in headers}
    ours = {"Content-Security-Policy": content_security_policy(), **_CONSTANT}
    return [(name, value) for name, value in ours.items() if name.lower() not in said]
