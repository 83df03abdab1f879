"""Where customers stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("understand", _("客户"), "customers:customers", icon="users", right="voices.read", order=34)]
