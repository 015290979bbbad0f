"""How the diagram looks, in light and in dark surroundings: colours never say what no word says."""

from __future__ import annotations

ROLES = ("#0b6bcb", "#1a7f37", "#8250df", "#b54708", "#b02a7a", "#0e7490", "#8a5a00", "#57606a")
"""One for each role, in the order of their names; each is dark enough for white letters."""

# Without variables, which programs that make pictures of SVG do not know.
_LIGHT = {
    "page": "fill:#ffffff",
    "node": "fill:#f6f8fa;stroke:#d0d7de",
    "service": "fill:#ffffff;stroke:#d0d7de",
    "name,.title,.heading": "fill:#1f2328",
    "text,.mono,.data": "fill:#32383f",
    "quiet,.reason": "fill:#59636e",
    "way": "stroke:#6e7781",
    "head": "fill:#6e7781",
    "chip": "fill:#eaeef2;stroke:#d0d7de",
    "chip-text": "fill:#32383f",
    "open": "fill:#ffe8d1;stroke:#c4570a",
    "open-text": "fill:#7a3300",
    "one": "fill:#ddf4ff;stroke:#218bff",
    "one-text": "fill:#0a3069",
    "line": "stroke:#d0d7de",
}
_DARK = {
    "page": "fill:#0d1117",
    "node": "fill:#161b22;stroke:#3d444d",
    "service": "fill:#0d1117;stroke:#3d444d",
    "name,.title,.heading": "fill:#f0f6fc",
    "text,.mono,.data": "fill:#d1d7e0",
    "quiet,.reason": "fill:#9198a1",
    "way": "stroke:#9198a1",
    "head": "fill:#9198a1",
    "chip": "fill:#21262d;stroke:#3d444d",
    "chip-text": "fill:#d1d7e0",
    "open": "fill:#3d2200;stroke:#db8a3c",
    "open-text": "fill:#ffb77c",
    "one": "fill:#0c2d5b;stroke:#4493f8",
    "one-text": "fill:#a5d6ff",
    "line": "stroke:#3d444d",
}
_FORM = """
text{font-family:Inter,'Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif;font-size:12.5px}
.heading{font-size:28px;font-weight:700}
.name{font-size:22px;font-weight:700}
.title{font-size:15px;font-weight:700}
.mono,.port-text{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace}
.mono,.chip-text,.quiet,.data{font-size:11.5px}
.reason{font-style:italic}
.perhaps{stroke-dasharray:3 2}
.way{fill:none;stroke-width:1.6}
.role-text{fill:#ffffff;font-weight:600}
"""


def style_sheet() -> str:
    roles = "".join(f".role{number}{{fill:{colour};stroke:{colour}}}\n" for number, colour in enumerate(ROLES))
    dark = f"@media (prefers-color-scheme:dark){{\n{_rules(_DARK)}}}\n"
    # The roles come last: they are chips, and of one colour in any surroundings.
    return f"<style>{_FORM}{_rules(_LIGHT)}{dark}{roles}.role-text{{fill:#ffffff}}\n</style>"


def _rules(rules: dict[str, str]) -> str:
    return "".join(f".{name}{{{rule}}}\n" for name, rule in rules.items())
