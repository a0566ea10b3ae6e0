"""Registers every command; a module here imports nothing heavy before its command runs."""

from shouxin.cli import answers, book, calculators, logs, people, roles, rules, setup, uses

COMMANDS = (setup, people, roles, uses, book, calculators, logs, rules, answers)
