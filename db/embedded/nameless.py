"""A database directory for a user that has a number but no name, as some containers give.

initdb, and the server that it starts to fill the directory, look up the name of their user and end
if there is none. They have no use for it, because the name of the database's owner is an argument.
So copies of both ask for the first user of the machine instead, and find one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from db.embedded.programs import INITDB, SERVER, EmbeddedPostgresError

_ASKED: Final = b"\0getpwuid\0"
"""The C function of a program's table of names: the user with a number."""
_ASKED_INSTEAD: Final = b"\0getpwent\0"
"""The next user, at first the first one; the same type, and the same length of the name."""


@contextmanager
def for_nameless(programs: Path, home: Path) -> Iterator[Path]:
    """Yield a directory with such copies, beside links to what they need.

    Raises:
        EmbeddedPostgresError: the programs are not what they should be.
    """
    with TemporaryDirectory(prefix="programs-", dir=home) as copies:
        install, site = programs.parent, programs.parents[2]
        package = Path(copies, install.parent.name)
        binaries = package / install.name / programs.name
        binaries.mkdir(parents=True)
        _link(site / f"{package.name}.libs", Path(copies))
        for name in ("lib", "share"):
            _link(install / name, binaries.parent)
        for name in (INITDB, SERVER):
            _copy(programs / name, binaries / name)
        yield binaries


def _link(target: Path, directory: Path) -> None:
    (directory / target.name).symlink_to(target)


def _copy(program: Path, copy: Path) -> None:
    content = program.read_bytes()
    if content.count(_ASKED) != 1:
        raise EmbeddedPostgresError(
            "This user has no name on this machine, and PostgreSQL needs one to make its"
            " directory. Add the user to /etc/passwd, or set DATABASE_URL."
        )
    copy.write_bytes(content.replace(_ASKED, _ASKED_INSTEAD))
    copy.chmod(0o755)
