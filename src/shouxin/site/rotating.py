"""`shouxin vault rotate`: a new epoch, and the move to another root.

The configuration names both roots while the move lasts, so that whoever holds the vault open, or opens it after a
crash, finds the keys of either side.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shouxin.site import config as configuration
from shouxin.site.config import Config
from shouxin.site.wiring import open_lender
from shouxin.usecases.lender import CannotNow

if TYPE_CHECKING:
    from shouxin.vault.rotate import Rotated, Telling


def rotate(data_dir: Path, told: Telling, *, root: str = "") -> Rotated:
    """Begin or end a rotation; with `root`, under that root from now on. Safe to call again after any crash."""
    config = configuration.read(data_dir)
    lender = open_lender(data_dir)
    if root and root != config.root:
        config = _moving(data_dir, config, root, another=lender.vault.moves_to(root))
    rotated = lender.vault.rotate(told)
    if config.old_root:
        configuration.set_root(data_dir, root=config.root, old_root="")
    return rotated


def _moving(data_dir: Path, config: Config, root: str, *, another: bool) -> Config:
    """Write the new root down; the same one reached in another way (a PIN's new place) is no move."""
    if config.old_root:
        raise CannotNow(f"a move to {config.root} isn't finished: rotate without --root first", where="--root")
    old = config.root if another else ""
    configuration.set_root(data_dir, root=root, old_root=old)
    return replace(config, root=root, old_root=old)
