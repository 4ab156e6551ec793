"""What the extension costs beside stock CKAN (``make bench``); not part of the wheel."""
