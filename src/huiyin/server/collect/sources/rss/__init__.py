"""News feeds: reviews, forums, blogs."""
