"""`python -m yk` is the same program as `yk`."""

from yk.cli import main

if __name__ == "__main__":
    main()
