"""What `docker run` is told, as far as it can be known from its words."""

from __future__ import annotations

import pytest

from stems.readers.substitution import UNKNOWN
from stems.validation.run_options import mount_of, run_in


def told(text: str) -> list[tuple[str, object]]:
    run = run_in(text)
    return [(one.key, one.value) for one in run.options] if run else []


def test_options_end_at_the_image() -> None:
    run = run_in("/usr/bin/docker run -d --name web -p 80:80 nginx:1.27 nginx -g 'daemon off;' --privileged && echo up")

    assert run is not None
    assert (run.image, run.name, run.is_detached) == ("nginx:1.27", "web", True)
    assert run.command == ["nginx", "-g", "daemon off;", "--privileged"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker run -v /a:/b a:1", [("volumes", "/a:/b")]),
        ("docker run -v=/a:/b a:1", [("volumes", "/a:/b")]),
        ("docker run --volume=/a:/b a:1", [("volumes", "/a:/b")]),
        ("docker run -p8080:80 a:1", [("ports", "8080:80")]),
        ("podman run --net=host --replace a:1", [("network_mode", "host")]),
        ("docker run --privileged a:1", [("privileged", True)]),
        ("docker run --privileged=false a:1", [("privileged", False)]),
        ("docker run --privileged=$P a:1", [("privileged", UNKNOWN)]),
        ("docker run -it --init -e A=b a:1", [("environment", "A=b")]),
        ("docker run --label x=y --cap-add ALL a:1", [("cap_add", "ALL")]),
        ("docker container run --env-file a.env a:1", [("volumes_from", ["a.env"])]),
        ('/bin/sh -c "docker run -v /a:/b a:1"', [("volumes", "/a:/b")]),
        ("docker pull a:1", []),
        ("docker run 'a b:1 c", []),
    ],
)
def test_each_option_is_one_of_compose(text: str, expected: list[tuple[str, object]]) -> None:
    assert told(text) == expected


def test_a_mount_has_its_long_form() -> None:
    assert mount_of("type=bind,src=/a,dst=/b,ro") == {"type": "bind", "source": "/a", "target": "/b", "read_only": True}
    assert mount_of("type=bind,source=/a,target=/b,readonly=false")["read_only"] is False
