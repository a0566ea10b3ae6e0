"""The map on disk: pages that follow the log, made again from it when they are lost."""
