"""What a taxonomy or a model is refused for, in both languages."""

from __future__ import annotations


class TextError(ValueError):
    """A refusal; both messages are one line and name the file, and the node where there is one."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        self.message_zh, self.message_en = (" ".join(message.split()) for message in (message_zh, message_en))
        super().__init__(f"{self.message_zh} / {self.message_en}")
