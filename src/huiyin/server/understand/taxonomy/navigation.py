"""Where the taxonomy stands in the side bar."""

from django.utils.translation import gettext_lazy as _

from huiyin.server.web.navigation import Entry

ENTRIES = [
    Entry("understand", _("标签体系"), "taxonomy:tree", icon="hierarchy-2", right="taxonomy.read", order=30),
    Entry("understand", _("热词与词典"), "taxonomy:words", icon="abc", right="taxonomy.read", order=34),
]
