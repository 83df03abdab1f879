"""What verbs, fields and values read like on the screen. What is missing here shows as it is stored.

An app adds its own words in `AppConfig.ready()`: `words.VERBS.update(…)`, `words.FIELDS.update(…)`, `words.VALUES.update(…)`.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Any] = {
    "user.first_administrator": _("创建了第一个管理员"),
    "user.joined": _("接受邀请加入"),
    "user.joined_by_oidc": _("由单点登录加入"),
    "user.changed": _("改了角色或范围"),
    "user.deactivated": _("停用了"),
    "user.activated": _("恢复了"),
    "user.profile_changed": _("改了自己的资料"),
    "user.password_changed": _("改了密码"),
    "user.signed_in": _("登录"),
    "user.signed_out": _("退出"),
    "user.sign_in_failed": _("登录失败"),
    "user.second_step_on": _("开启了两步验证"),
    "user.second_step_off": _("关闭了两步验证"),
    "user.recovery_codes_made": _("生成了恢复码"),
    "invitation.made": _("邀请了"),
    "invitation.withdrawn": _("收回了邀请"),
    "invitation.reset_made": _("生成了重设密码的链接"),
    "team.made": _("建了团队"),
    "team.changed": _("改了团队"),
    "team.removed": _("删了团队"),
    "key.made": _("建了接口密钥"),
    "key.revoked": _("作废了接口密钥"),
    "voice.unmasked": _("查看了未遮盖的个人信息"),
    "audit.exported": _("导出了操作记录"),
}

KINDS: dict[str, Any] = {
    "user": _("人员"),
    "invitation": _("邀请链接"),
    "team": _("团队"),
    "key": _("接口密钥"),
    "voice": _("原声"),
    "audit": _("操作记录"),
}

FIELDS: dict[str, Any] = {
    "display_name": _("姓名"),
    "name": _("名称"),
    "language": _("语言"),
    "roles": _("角色"),
    "team": _("团队"),
    "parent": _("上级"),
    "scope": _("范围"),
    "scopes": _("权限"),
    "limited_to_team": _("只看本团队"),
    "invited_by": _("邀请人"),
    "product": _("产品"),
    "region": _("地区"),
    "store": _("门店"),
    "fields": _("字段"),
    "reason": _("原因"),
}

VALUES: dict[str, Any] = {}
"""Stored words, such as roles, as they are shown."""


def in_words(value: Any) -> str:
    """A value of an audit row as a person reads it."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return "、".join(in_words(one) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{FIELDS.get(name, name)} {in_words(one)}" for name, one in value.items())
    return str(VALUES.get(value, value))
