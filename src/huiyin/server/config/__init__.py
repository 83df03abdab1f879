"""How the server is put together: settings, addresses, start and stop."""
