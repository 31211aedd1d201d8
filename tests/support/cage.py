"""A process that the kernel ends once it or a child reaches for a network: python -m tests.support.cage COMMAND.

A seccomp filter, so that native libraries are held to it as Python is. Sockets of TCP alone do no harm and are allowed
(libraries try whether this machine has IPv6); what ends the process is to connect, to listen, and any socket that could
send without connecting, such as the one that asks for the address of a name. io_uring, which opens sockets past system
calls, does not exist inside.
"""

import ctypes
import os
import platform
import socket
import struct
import sys

_NUMBERS = {
    "x86_64": {"socket": 41, "connect": 42, "listen": 50},
    "aarch64": {"socket": 198, "connect": 203, "listen": 201},
}
"""System calls by number, arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux."""
_IO_URING_SETUP = 425
_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_ALLOW, _END, _MISSING = 0x7FFF0000, 0x80000000, 0x00050000 | 38
_NUMBER, _FIRST, _SECOND = 0, 16, 24
"""Offsets in ``struct seccomp_data`` of the number of the call and of the low halves of its arguments."""
_KIND_BITS = 0xF
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2

Step = tuple[int, int, int, int]


def steps(machine: str) -> list[Step]:
    """Return the filter for ``machine``: operation, jumps if true and if false, operand."""
    numbers = _NUMBERS[machine]
    ends: list[Step] = [
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, 0, 1, _IO_URING_SETUP),
        (_RETURN, 0, 0, _MISSING),
        (_EQUAL, 0, 1, numbers["connect"]),
        (_RETURN, 0, 0, _END),
        (_EQUAL, 0, 1, numbers["listen"]),
        (_RETURN, 0, 0, _END),
        (_EQUAL, 1, 0, numbers["socket"]),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 3, 0, socket.AF_UNIX),
        (_LOAD, 0, 0, _SECOND),
        (_AND, 0, 0, _KIND_BITS),
        (_EQUAL, 0, 1, socket.SOCK_STREAM),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _END),
    ]
    return ends


def close(machine: str) -> None:
    """Hold this process and its children to the filter; raise ``OSError`` where the kernel refuses."""
    packed = b"".join(struct.pack("HBBI", *step) for step in steps(machine))
    code = ctypes.create_string_buffer(packed, len(packed))
    program = struct.pack("HP", len(packed) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def main() -> None:
    """Become the command, inside."""
    close(platform.machine())
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command of a test


if __name__ == "__main__":
    main()
