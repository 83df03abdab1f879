"""排: what comes first, who owns it, what every post looks at."""
