"""Where webhooks stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("admin", _("网络钩子"), "webhooks:endpoints", icon="webhook", right="webhooks.manage", order=40)]
