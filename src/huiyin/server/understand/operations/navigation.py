"""Where operations stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("understand", _("经营数据"), "operations:operations", icon="receipt", right="operations.read", order=36)]
