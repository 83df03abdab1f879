"""Where the audit screen stands in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("admin", _("操作记录"), "audit:entries", icon="history", right="audit.read", order=30)]
