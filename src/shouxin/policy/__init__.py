"""What a lender decides and a compliance officer reads: rules, fields, purposes' policies, products,
notices and sentences, all as files. `shouxin init` copies them; the platform reads only its copy.
"""

from pathlib import Path


def folder() -> Path:
    """The files as they are shipped: what a new lender starts from."""
    return Path(__file__).parent


def data_files(of: Path) -> tuple[Path, ...]:
    """The policy files below `of`, as paths relative to it, in order: what is copied and hashed."""
    found = (path for suffix in ("toml", "cedar", "cedarschema") for path in of.rglob(f"*.{suffix}"))
    return tuple(sorted(path.relative_to(of) for path in found))
