"""Personal data: shown on request with a reason, given to the customer who asks, erased everywhere, kept only as long as a source allows."""
