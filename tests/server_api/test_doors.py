"""What a screen changes a program can change too: every writing address has an operation, or stands here with a reason."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

TABLES = [
    import_module(f"tests.{file.parent.name}.permission_table").TABLE for file in sorted(Path(__file__).parents[1].glob("*/permission_table.py"))
]
TABLE = {name: line for table in TABLES for name, line in table.items()}

SAME = {
    "people:invite": "invitation_make",
    "people:withdraw": "invitation_withdraw",
    "people:person": "person_change",
    "people:activity": "person_activity",
    "people:reset_link": "person_reset_link",
    "people:team_new": "team_make",
    "people:team": "team_change",
    "people:team_remove": "team_remove",
    "boards:make": "board_make",
    "boards:pin": "board_mission",
    "boards:change": "board_change",
    "boards:duplicate": "board_duplicate",
    "boards:delete": "board_remove",
    "boards:restore": "board_restore",
    "boards:arrange": "board_arrange",
    "boards:add": "board_widget_add",
    "boards:widget": "board_widget",
    "boards:remove": "board_widget_remove",
    "sources:make": "source_make",
    "sources:manual": "feedback",
    "sources:run_stop": "source_run_cancel",
    "sources:change": "source_change",
    "sources:test": "source_test",
    "sources:preview": "source_preview",
    "sources:run_now": "source_run_now",
    "sources:switch": "source_change",
    "sources:rejects_again": "source_rejects_again",
    "sources:upload": "feedback_batch",
    "sources:columns": "feedback_batch",
    "voices:tag": "voices_tag",
    "voices:save_view": "voices_view_save",
    "voices:delete_view": "voices_view_delete",
    "voices:opinion": "voices_correct",
    "fixes:make": "fixes_make",
    "fixes:remove": "fixes_remove",
    "operations:upload": "operations",
    "operations:run": "operations",
    "operations:make": "operations_feeds",
    "operations:change": "operations_feed",
    "operations:drop": "operations_feed_drop",
    "operations:fetch": "operations_feed_fetch",
    "taxonomy:example": "taxonomy_examples",
    "taxonomy:example_drop": "taxonomy_example_remove",
    "ownership:settings": "ownership_arbitration",
    "ownership:line": "ownership_map",
    "ownership:remove": "ownership_map",
    "ownership:assign": "ownership_assign",
    "ownership:accept": "ownership_accept",
    "ownership:reject": "ownership_reject",
    "ownership:decide": "ownership_arbitrate",
    "problems:comment": "problem_comment",
    "problems:follow": "problem_follow",
    "problems:picture": "problem_table",
    "problems:define": "problem_define",
    "problems:add_link": "problem_link_add",
    "problems:remove_link": "problem_link_remove",
    "privacy:unmask": "privacy_unmask",
    "privacy:erase": "privacy_erase",
    "privacy:retention": "privacy_retention",
    "privacy:renew_backups": "privacy_backups_renew",
    "learning:start": "learning_train",
    "learning:try": "learning_try",
    "learning:back": "learning_back",
    "learning:accept": "learning_use",
    "learning:decline": "learning_decline",
    "learning:reread": "learning_reread",
    "taxonomy:publish": "taxonomy_publish",
    "taxonomy:discard": "taxonomy_discard",
    "taxonomy:reread": "taxonomy_reread",
    "taxonomy:word_add": "taxonomy_word_add",
    "taxonomy:word_remove": "taxonomy_word_remove",
    "problems:pin": "problem_pin",
    "problems:snooze": "problem_snooze",
    "problems:wake": "problem_snooze",
    "problems:rename": "problem_rename",
    "problems:merge": "problem_merge",
    "problems:unmerge": "problem_unmerge",
    "tasks:make": "tasks_make",
    "tasks:move": "tasks_move",
    "problems:split": "problem_split",
    "review:undo": "review_undo",
    "review:one": "review_answer",
    "review:skip": "review_skip",
    "review:settle": "review_settle",
    **{f"taxonomy:{name}": "taxonomy_draft" for name in ("begin", "add", "change", "move", "merge", "split", "remove", "files")},
    "taxonomy:version_drop": "taxonomy_version_drop",
    "taxonomy:version_restore": "taxonomy_version_restore",
    **{f"topics:{name}": f"topic_{name}" for name in ("rename", "merge", "split", "hide", "promote")},
    "topics:grow": "topics_grow",
    "webhooks:make": "webhooks_make",
    "webhooks:endpoint": "webhooks_change",
    "webhooks:remove": "webhooks_remove",
    "webhooks:secret": "webhooks_secret",
    "webhooks:test": "webhooks_test",
    "webhooks:again": "webhooks_again",
}

OWN_ACCOUNT = "one's own account, its sign-in and its keys: a key that could make keys would be worth more than it says"
PUBLIC = "for strangers, without an account"
UNMASKS = "tells who somebody is: a person does it before her own eyes"
LOOKS_FIRST = "people look at its effect on the screen before they decide"

REASONS = {
    **dict.fromkeys(
        (
            "preferences", "account_login", "account_logout", "account_reset_password", "account_signup", "account_email", "account_change_password",
            "account_set_password", "account_reauthenticate", "mfa_authenticate", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
            "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "socialaccount_connections", "socialaccount_signup",
            "openid_connect_login", "openid_connect_callback", "me_profile", "me_key_make", "me_key_revoke",
        ),
        OWN_ACCOUNT,
    ),
    **dict.fromkeys(("first_run", "join", "sources:box"), PUBLIC),
    **dict.fromkeys(("privacy:find", "privacy:who", "privacy:copy"), UNMASKS),
    **dict.fromkeys(
        ("taxonomy:preview", "taxonomy:preview_stop", "taxonomy:again", "taxonomy:choose", "taxonomy:draft_restore", "taxonomy:undo"),
        LOOKS_FIRST,
    ),
    **dict.fromkeys(("sources:calls", "sources:calls_look"), "recordings in files, looked at before they are taken in"),
    **dict.fromkeys(("stream:seen", "stream:mapping"), "what one has seen of one's own stream, and how it is drawn"),
    **dict.fromkeys(("notices:see", "notices:choose"), "what one has read of what one is told, and wants to be told"),
}  # fmt: skip


def test_every_writing_screen_has_an_operation_or_a_reason():
    writing = {name for name, line in TABLE.items() if line.post and not name.startswith("api:")}
    assert sorted(writing - set(SAME) - set(REASONS)) == [], "add an operation, or a reason here"
    assert sorted(set(SAME) & set(REASONS)) == []
    assert sorted((set(SAME) | set(REASONS)) - writing) == [], "no such screen any more"
    assert sorted({f"api:{name}" for name in SAME.values()} - set(TABLE)) == [], "no such operation"
