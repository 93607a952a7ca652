"""A network of its own for a further host: a namespace, joined to this machine by a cable that can be pulled."""

import os
import secrets
import subprocess


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=30)


class HostNetwork:
    """A network namespace and a pair of virtual Ethernet devices; needs root."""

    def __init__(self) -> None:
        token = secrets.token_hex(3)
        third, fourth = secrets.randbelow(256), secrets.randbelow(64) * 4
        self.namespace = f"gp-{token}"
        self.cable = f"gp{token}a"
        far_end = f"gp{token}b"
        self.address = f"10.231.{third}.{fourth + 1}"
        _ip("netns", "add", self.namespace)
        _ip("link", "add", self.cable, "type", "veth", "peer", "name", far_end, "netns", self.namespace)
        _ip("address", "add", f"{self.address}/30", "dev", self.cable)
        _ip("link", "set", self.cable, "up")
        _ip("-n", self.namespace, "address", "add", f"10.231.{third}.{fourth + 2}/30", "dev", far_end)
        _ip("-n", self.namespace, "link", "set", far_end, "up")
        _ip("-n", self.namespace, "link", "set", "lo", "up")

    @property
    def prefix(self) -> list[str]:
        """The words before a command that run it in the namespace."""
        return ["ip", "netns", "exec", self.namespace]

    def cut(self) -> None:
        """Pulls the cable: packets vanish, and nobody is told."""
        _ip("link", "set", self.cable, "down")

    def mend(self) -> None:
        """Plugs it in again."""
        _ip("link", "set", self.cable, "up")

    def remove(self) -> None:
        """Takes everything away; what still runs in the namespace goes on without a network."""
        subprocess.run(["ip", "link", "delete", self.cable], check=False, capture_output=True, timeout=30)
        if os.path.exists(f"/run/netns/{self.namespace}"):
            _ip("netns", "delete", self.namespace)
