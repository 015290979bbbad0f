"""The output of `chezmoi diff`, recorded from chezmoi 2.72.0."""

from __future__ import annotations

import pytest

from stems.tools.chezmoi.blocks import parse_blocks, patched

CHANGE = """\
diff --git a/.bashrc b/.bashrc
index 02cb68aea6ff811186c7761ecf7f5997e9b549bb..d920caab125d51d090ee62b7f2fd67accf2d77e0 100644
--- a/.bashrc
+++ b/.bashrc
@@ -1,4 +1,4 @@
 # host vm os linux/amd64
-export EDITOR=vim
+export EDITOR=nano
 export EMAIL="me@example.org"
 # bg BLACK
"""
NEW = """\
diff --git a/.config b/.config
new file mode 40755
index 0000000000000000000000000000000000000000..0000000000000000000000000000000000000000
--- /dev/null
+++ b/.config
diff --git a/.config/a b b/.config/a b
new file mode 100600
index 0000000000000000000000000000000000000000..d920caab125d51d090ee62b7f2fd67accf2d77e0
--- /dev/null
+++ b/.config/a b
@@ -0,0 +1,2 @@
+one
+two
\\ No newline at end of file
"""
MODE = "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"
GONE = """\
diff --git a/.old b/.old
deleted file mode 100644
index d920caab125d51d090ee62b7f2fd67accf2d77e0..0000000000000000000000000000000000000000
--- a/.old
+++ /dev/null
@@ -1 +0,0 @@
-x
"""


def test_a_block_for_each_target() -> None:
    blocks = parse_blocks(CHANGE + NEW + MODE + GONE)

    assert {path: (block.kind, block.old_mode, block.new_mode) for path, block in blocks.items()} == {
        ".bashrc": ("file", "100644", "100644"),
        ".config": ("dir", "", "40755"),
        ".config/a b": ("file", "", "100600"),
        "x": ("file", "100644", "100755"),
        ".old": ("file", "100644", ""),
    }
    assert (blocks[".bashrc"].old[:8], blocks[".bashrc"].new[:8]) == ("02cb68ae", "d920caab")
    assert (blocks[".old"].new, blocks[".config/a b"].old) == ("", "")


def test_the_text_after_a_change_is_known_whole() -> None:
    before = '# host vm os linux/amd64\nexport EDITOR=vim\nexport EMAIL="me@example.org"\n# bg BLACK\nmore\n'
    blocks = parse_blocks(CHANGE + NEW + GONE)

    assert blocks[".bashrc"].after(before) == before.replace("vim", "nano")
    assert blocks[".bashrc"].after("something else\n") is None
    assert blocks[".config/a b"].after("") == "one\ntwo"
    assert blocks[".old"].after("x\n") == ""


@pytest.mark.parametrize(
    ("before", "body", "after"),
    [
        ("a\nb\nc\nd\n", "@@ -2 +2 @@\n-b\n+B\n@@ -4 +4 @@\n-d\n+D", "a\nB\nc\nD\n"),
        ("a", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a", "a\n"),
        ("a\n", "@@ -1 +1,2 @@\n a\n+b\n", "a\nb\n"),
        ("", "", None),
        ("a\fb\n\u2028c\r\n", "@@ -1,2 +1,2 @@\n-a\fb\n+a\n \u2028c\r\n", "a\n\u2028c\r\n"),
    ],
)
def test_hunks(before: str, body: str, after: str | None) -> None:
    assert patched(before, body) == after


def test_a_line_of_a_file_that_looks_like_a_head_is_none() -> None:
    body = "@@ -0,0 +1 @@\n+diff --git a/x b/x\n"
    blocks = parse_blocks(f"diff --git a/y b/y\nnew file mode 100644\n{body}")

    assert list(blocks) == ["y"]


def test_what_a_hook_says_afterwards_is_no_part_of_a_file() -> None:
    diff = f"unlocked\n{GONE}{CHANGE}+ done\n- and gone\n"
    blocks = parse_blocks(diff)
    before = '# host vm os linux/amd64\nexport EDITOR=vim\nexport EMAIL="me@example.org"\n# bg BLACK\n'

    assert list(blocks) == [".old", ".bashrc"]
    assert blocks[".bashrc"].after(before) == before.replace("vim", "nano")
