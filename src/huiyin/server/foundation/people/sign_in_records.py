"""Audit rows of signing in and out, of passwords and second steps: written when allauth tells of them."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write


def listen() -> None:
    """Connects once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="huiyin.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="huiyin.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="huiyin.sign_in_failed")
    password_changed.connect(_password, dispatch_uid="huiyin.password_changed")
    password_set.connect(_password, dispatch_uid="huiyin.password_set")
    authenticator_added.connect(_second_step_on, dispatch_uid="huiyin.second_step_on")
    authenticator_removed.connect(_second_step_off, dispatch_uid="huiyin.second_step_off")
    authenticator_reset.connect(_codes_made, dispatch_uid="huiyin.codes_made")


def _write(verb: str, user: Any) -> None:
    if user is not None and getattr(user, "pk", None):
        with state_write():
            record(verb, user, actor=user)


def _signed_in(user: Any, **kwargs: Any) -> None:
    _write("user.signed_in", user)


def _signed_out(user: Any, **kwargs: Any) -> None:
    _write("user.signed_out", user)


def _failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    tried = str(credentials.get("email") or credentials.get("username") or "")[:254].lower()
    with state_write():
        record("user.sign_in_failed", tried or "—", actor="anonymous", object_type="user", object_name=tried or "—")


def _password(user: Any, **kwargs: Any) -> None:
    _write("user.password_changed", user)


def _second_step_on(user: Any, authenticator: Any, **kwargs: Any) -> None:
    _write("user.second_step_on" if authenticator.type == "totp" else "user.recovery_codes_made", user)


def _second_step_off(user: Any, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == "totp":
        _write("user.second_step_off", user)


def _codes_made(user: Any, **kwargs: Any) -> None:
    _write("user.recovery_codes_made", user)
