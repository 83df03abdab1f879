"""Django's own commands for people who develop or repair: `python -m huiyin.server migrate`."""

import sys

from huiyin.server.serve import prepare


def main() -> None:
    """Runs one management command with the data folder and secret key that `huiyin serve` would use."""
    prepare()
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0].replace("__main__.py", "huiyin.server"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
