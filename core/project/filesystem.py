"""What the disk under a path is like: its free space, and whether it is shared over a network."""

import shutil
from pathlib import Path

import psutil

NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "gpfs",
    "beegfs",
}


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def filesystem(path: Path) -> str:
    """The name of the file system that holds a path, as the operating system calls it; empty where it can't be told."""
    mounts = [
        (len(mount.mountpoint), mount.fstype)
        for mount in psutil.disk_partitions(all=True)
        if path.absolute().is_relative_to(mount.mountpoint)
    ]
    return max(mounts, default=(0, ""))[1]


def is_network(path: Path) -> bool:
    """Whether locks on this path may not hold between machines; a write-ahead log must not be used there."""
    return filesystem(path).lower() in NETWORK
