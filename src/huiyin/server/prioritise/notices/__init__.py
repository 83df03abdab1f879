"""通知: what happened to the problems a person follows, and where she was named."""
