"""Where new topics stand in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [Entry("understand", _("新话题"), "topics:inbox", icon="bulb", right="taxonomy.read", order=55)]
