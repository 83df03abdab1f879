"""The opinions of a text: target, opinion words, which belong together, aspect and polarity; trained from labelled texts."""
