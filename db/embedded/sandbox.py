"""Become one of PostgreSQL's programs: end with the parent, give up root, exec.

`db.embedded.server` runs this file as a script. The same steps between the fork and the exec of a
program with threads could deadlock (see `preexec_fn` in Python's `subprocess`).
"""

import ctypes
import os
import signal
import sys

_LINUX = sys.platform == "linux"

# From Linux's prctl.h, securebits.h and capability.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1


def main(parent: str, uid: str, gid: str, *program: str) -> None:
    if os.geteuid() == 0:
        _give_up_root(int(uid), int(gid))
    if _LINUX:
        _end_with(int(parent))
    os.execv(program[0], program)  # noqa: S606


def _give_up_root(uid: int, gid: int) -> None:
    """Change the user, but keep root's right to enter closed directories.

    The programs and the data may lie below a directory that only root may enter. The permissions
    of such a directory stay as they are.
    """
    if _LINUX:
        # The capability then also counts for access(2), which PostgreSQL calls.
        _call("prctl", _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if _LINUX:
        _keep_only(_CAP_DAC_OVERRIDE)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(bit, bit, bit)
    _call("capset", header, effective_permitted_inheritable)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _end_with(parent: int) -> None:
    # A change of user clears this setting, so it comes last.
    _call("prctl", _PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the program that started this one is gone")


def _call(function: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc[function](*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), function)


if __name__ == "__main__":
    main(*sys.argv[1:])
