"""网络钩子: what happens here is told to other programs, signed."""
