"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, teams, roles, keys, invitations."""

    name = "huiyin.server.foundation.people"
    verbose_name = "People"
    url_prefix = ""

    def ready(self) -> None:
        """Registers the rights, the start checks, and the audit rows of signing in."""
        from huiyin.server.foundation.audit import words
        from huiyin.server.foundation.people import rights, roles, sign_in_records

        rights.register()
        words.VALUES.update({**roles.LABELS, **rights.KEY_SCOPES})
        sign_in_records.listen()
