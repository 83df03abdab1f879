"""Letters of a mailbox."""
