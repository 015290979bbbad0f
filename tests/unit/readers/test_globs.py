"""Patterns mean the target paths that doublestar says they mean."""

from __future__ import annotations

import pytest

from stems.readers.globs import ANYTHING, is_valid, matches


@pytest.mark.parametrize(
    ("pattern", "meant", "not_meant"),
    [
        ("*.txt", "a.txt .txt", "a/b.txt a.txtx"),
        ("*/*.txt", "a/b.txt", "b.txt a/b/c.txt"),
        ("**/*.txt", "c.txt a/b/c.txt .a/c.txt", "c.text"),
        ("a/**", "a a/b a/b/.c", "ab b/a"),
        ("a/**/b", "a/b a/x/b a/x/y/b", "ab a/xb"),
        ("**", "a .a a/b", ""),
        ("a**", "abc a", "a/b"),
        ("a/**b", "a/xb", "a/x/b"),
        (".config/[a-c]?", ".config/ax", ".config/dx .config/a"),
        ("[!a]", "b", "a /"),
        ("[^a]", "b", "a"),
        ("{a,b}/c", "a/c b/c", "c/c a,b/c"),
        ("x{,.bak}", "x x.bak", "x."),
        ("{a,b{c,d}}", "a bc bd", "b c"),
        ("{a/**,x}", "a a/q x", "y"),
        (r"a\*", "a*", "ab"),
        ("a.b", "a.b", "axb"),
        (f"a/{ANYTHING}", "a/b a/b/c", "b"),
    ],
)
def test_what_a_pattern_means(pattern: str, meant: str, not_meant: str) -> None:
    assert [path for path in meant.split() if not matches(pattern, path)] == []
    assert [path for path in not_meant.split() if matches(pattern, path)] == []


@pytest.mark.parametrize("pattern", ["[a", "{a", "{a,{b}", "a\\", "[]", "{a,b}" * 12])
def test_what_does_not_end_or_is_endless_is_no_pattern(pattern: str) -> None:
    assert not is_valid(pattern)


@pytest.mark.parametrize("pattern", ["a]", "a}", "a,b", "{a,b}"])
def test_what_only_looks_odd_is_one(pattern: str) -> None:
    assert is_valid(pattern)
