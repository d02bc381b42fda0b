"""Runs a command in a network namespace of its own, with loopback and nothing else: `unshare -n python alone.py COMMAND…`."""

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS = 0x8914
UP_AND_RUNNING = 0x41


def main() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", UP_AND_RUNNING))
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
            pass  # loopback is there: what fails from here on is not for want of it
    names = [name for _, name in socket.if_nameindex()]
    if names != ["lo"]:
        sys.exit(f"this is not a network namespace of its own: {names}")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
