"""Where personal data stands in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("admin", _("隐私"), "privacy:privacy", icon="shield-lock", right="voices.erase", order=40)]
