"""Where people stand in the side bar."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.server.web.navigation import Entry

ENTRIES = [
    Entry("admin", _("人员"), "people:people", icon="users", right="people.read", order=10),
    Entry("admin", pgettext_lazy("list", "团队"), "people:teams", icon="sitemap", right="people.read", order=20),
]
