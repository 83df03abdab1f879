"""今日原声: the newest voices that touch somebody's own work, with what is still unread."""
