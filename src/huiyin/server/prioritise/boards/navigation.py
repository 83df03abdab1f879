"""Where boards stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("prioritise", _("看板"), "boards:boards", icon="layout-dashboard", right="voices.read", order=40)]
