"""What happened with customers: orders, tickets, uses, churn, revenue."""
