"""What a service says when it refuses."""


class Refused(Exception):  # noqa: N818
    """The change was not made; the text tells the person why and what to do."""
