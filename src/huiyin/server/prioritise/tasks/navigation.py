"""Where tasks stand in the side bar. The count is what one has left to do oneself."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.tasks.models import OPEN_STATES, Task
from huiyin.server.web.navigation import Count, Entry


def _open(request: HttpRequest) -> Count | None:
    waiting = Task.objects.filter(person_id=request.user.pk, state__in=OPEN_STATES).count()
    return Count(waiting) if waiting else None


ENTRIES = [Entry("prioritise", _("我的任务"), "tasks:tasks", icon="checklist", right="problems.read", order=35, count=_open)]
