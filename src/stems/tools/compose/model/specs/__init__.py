"""The short forms of one line: ports, mounts, devices, images."""
