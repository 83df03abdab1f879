"""Where fixes stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("verify", _("成效"), "fixes:fixes", icon="clipboard-check", right="problems.read", order=10)]
