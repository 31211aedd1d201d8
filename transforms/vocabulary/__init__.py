"""Public names of work software and sites: the same for everybody, so that their release tells nothing of a person.

In: what a recorder calls an application or a host. Out: its public name, or None. Start reading in ``public_names``.
``own_names`` adds the names that an organisation declares to be public.
"""

from transforms.vocabulary.own_names import NO_NAMES, OwnNames
from transforms.vocabulary.public_names import (
    application_names,
    application_words,
    name_application,
    name_host,
    public_hosts,
    shows_no_messages,
)

__all__ = [
    "NO_NAMES",
    "OwnNames",
    "application_names",
    "application_words",
    "name_application",
    "name_host",
    "public_hosts",
    "shows_no_messages",
]
