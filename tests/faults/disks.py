"""File systems of a test's own: ext4 in a file, which can be cut off as by a power cut, and tmpfs."""

import fcntl
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

_EXT4_IOC_SHUTDOWN = 0x8004587D
_NOLOGFLUSH = (2).to_bytes(4, "little")  # not even the file system's own log is written


class Ext4:
    """ext4 in a file of this size, mounted at `path`."""

    def __init__(self, folder, *, mib=64):
        self.path = folder / "disk"
        self.path.mkdir()
        image = folder / "disk.image"
        with image.open("wb") as file:
            file.truncate(mib << 20)
        _run("mkfs.ext4", "-q", "-F", image)
        self.device = _run("losetup", "--find", "--show", image)
        self.mount()

    def mount(self):
        """Mounts it; what the file system's log holds is put in its place."""
        _run("mount", self.device, self.path)

    def remount(self, options):
        _run("mount", "-o", f"remount,{options}", self.path)

    def unmount(self):
        """Unmounts it; waits for processes that are about to end."""
        for _ in range(50):
            if not os.path.ismount(self.path):
                return
            done = subprocess.run(["umount", self.path], capture_output=True, check=False)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        _run("umount", "--lazy", self.path)
        raise AssertionError(f"{self.path} was still in use")

    def cut_power(self):
        """From this moment on nothing more reaches the disk."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _EXT4_IOC_SHUTDOWN, _NOLOGFLUSH)
        finally:
            os.close(handle)

    def close(self):
        try:
            self.unmount()
        finally:
            _run("losetup", "--detach", self.device)


@contextmanager
def ext4(folder, **size):
    """An Ext4; skips where the system gives no loop device."""
    try:
        disk = Ext4(folder, **size)
    except subprocess.CalledProcessError as error:
        _detach(folder / "disk.image")
        pytest.skip(f"NOT ALLOWED here, ext4 in a file: {error.stderr}")
    try:
        yield disk
    finally:
        disk.close()


@contextmanager
def tmpfs(folder, *, mib):
    """The path of a file system in memory of this size."""
    path = folder / "small"
    path.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"NOT ALLOWED here, tmpfs: {error.stderr}")
    try:
        yield path
    finally:
        _run("umount", "--lazy", path)


def fill(path, *, leave_bytes=0):
    """Writes a file until no more fits but that; returns its path."""
    ballast = Path(path) / "ballast"
    free = os.statvfs(path)
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - leave_bytes)))
    return ballast


def _detach(image):
    listed = subprocess.run(["losetup", "-j", image], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        subprocess.run(["losetup", "--detach", line.split(":")[0]], check=False)


def _run(*command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is missing: install e2fsprogs and mount")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()
