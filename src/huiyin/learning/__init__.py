"""Learning from a company's own labels: train, adapt, evaluate."""

TASKS = ("sentiment", "emotion", "intent", "aspect", "opinion")
JUDGED = (*TASKS, "topic")
TEACHER = ("auto", "never", "always")
"""When the teacher is asked: where it is installed and its time bearable, not at all, or else it is an error."""
