"""The faces: pages that show what a use case gives, and forms that ask one; no table, no vault, no channel."""
