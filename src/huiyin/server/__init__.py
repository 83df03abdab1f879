"""The web product: a Django server around the library. Start it with `huiyin serve`."""
