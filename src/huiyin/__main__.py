"""`python -m huiyin`."""

from huiyin.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
