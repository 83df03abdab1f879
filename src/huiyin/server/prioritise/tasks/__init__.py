"""What is to be done about a problem, by whom, until when."""
