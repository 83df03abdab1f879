"""Where the voices stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("collect", _("原声"), "voices:voices", icon="quote", right="voices.read", order=10, tab=2)]
