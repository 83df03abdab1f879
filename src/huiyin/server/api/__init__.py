"""The REST interface, put together from the routers of the apps."""
