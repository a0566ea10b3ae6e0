"""Registers every command; a module here imports nothing heavy before its command runs."""

from shouxin.cli import answers, book, calculators, logs, people, proofs, roles, rules, setup, uses, vaults

COMMANDS = (setup, people, roles, uses, book, calculators, proofs, logs, rules, answers, vaults)
