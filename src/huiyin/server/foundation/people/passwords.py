"""What a password must be. Django's checks, said in our words and once, instead of four sentences at a time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = 10


class PasswordRules:
    """At least ten characters, not among the twenty thousand commonest, not only digits, not like the person's name or address."""

    def __init__(self) -> None:
        self.checks: list[Any] = [
            password_validation.MinimumLengthValidator(SHORTEST),
            password_validation.NumericPasswordValidator(),
            password_validation.UserAttributeSimilarityValidator(("email", "display_name")),
            password_validation.CommonPasswordValidator(),
        ]

    def validate(self, password: str, user: Any = None) -> None:
        """Refuses with the first reason.

        Raises:
            ValidationError: in the reader's language.
        """
        for check in self.checks:
            try:
                check.validate(password, user)
            except ValidationError as error:
                raise ValidationError(_reason(str(error.code)), code=error.code) from None

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("至少 10 个字符")


def _reason(code: str) -> str:
    return {
        "password_too_short": _("太短，至少 10 个字符。"),
        "password_entirely_numeric": _("不能全是数字。"),
        "password_too_similar": _("和姓名或邮箱太像。"),
        "password_too_common": _("太常见，一猜就中。换一个。"),
    }[code]
