"""Reviews of app stores."""
