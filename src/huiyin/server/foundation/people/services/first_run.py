"""The first administrator."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.roles import ADMINISTRATOR, CX_LEAD
from huiyin.server.foundation.people.selectors import nobody_yet
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.users import facts_of, user_make
from huiyin.server.foundation.writing import state_write


def setup_code() -> str:
    """What the terminal shows at the first start on a public address, so that no passer-by takes the server over."""
    return salted_hmac("huiyin.first_run", "first administrator", algorithm="sha256").hexdigest()[:20]


def setup_code_fits(code: str) -> bool:
    """Whether the first person may go on."""
    return not settings.SETUP_NEEDS_CODE or hmac.compare_digest(code.strip().encode(), setup_code().encode())


def first_administrator_make(*, email: str, display_name: str, password: str, language: str, code: str = "") -> User:
    """The first person, who may do everything; there is never a second first one.

    Raises:
        Refused: somebody is there already, or the code is wrong.
    """
    with state_write():
        if not nobody_yet():
            raise Refused(_("管理员已经有了。去登录，或让管理员邀请你。"))
        if not setup_code_fits(code):
            raise Refused(_("设置码不对。它印在启动服务的终端里。"))
        user = user_make(email=email, display_name=display_name, password=password, roles=[ADMINISTRATOR, CX_LEAD], language=language)
        record("user.first_administrator", user, actor=user, after=facts_of(user))
        return user
