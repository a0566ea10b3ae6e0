"""`shouxin` and `python -m shouxin`: the command line with all its commands."""

from shouxin.assurance.demo import command as command
from shouxin.assurance.demo import serve as serve
from shouxin.cli import commands as commands
from shouxin.cli.app import main

if __name__ == "__main__":
    main()
