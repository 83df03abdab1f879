"""Learning from a company's own labels: train, adapt, evaluate."""

TASKS = ("sentiment", "emotion", "intent", "aspect", "opinion")
JUDGED = (*TASKS, "topic")
