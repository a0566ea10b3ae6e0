"""`shouxin` and `python -m shouxin`."""

from shouxin.cli.app import main

if __name__ == "__main__":
    main()
