"""Message extraction (`python setup.py extract_messages`); the rest is in pyproject.toml."""

from setuptools import setup

setup(
    message_extractors={
        "ckanext": [
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
            ("**/templates/emails/*.txt", "ckan", None),
        ],
    },
)
