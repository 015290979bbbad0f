"""Tokens that say themselves what they are: their providers give them a prefix or a shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stems.validation.secrets.values import is_dull

_SHAPES = {
    "AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b",
    "GitLab token": r"\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}",
    "Slack webhook": r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
    "Discord webhook": r"discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{50,}",
    "Stripe key": r"\b[rs]k_live_[0-9A-Za-z]{20,}\b",
    "Telegram bot token": r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])",
    "Tailscale key": r"\btskey-[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,}",
    "OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16,}",
    "Anthropic key": r"\bsk-ant-[a-z]+\d\d-[\w-]{60,}",
    "Hugging Face token": r"\bhf_[A-Za-z]{30,}\b",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgE[\w-]{50,}",
    "Docker Hub token": r"\bdckr_(?:pat|oat)_[\w-]{24,}",
    "DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "HashiCorp Vault token": r"\bhv[sbr]\.[\w-]{24,}",
    "Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "SendGrid key": r"\bSG\.[\w-]{20,24}\.[\w-]{39,50}",
    "Grafana token": r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}",
    "Cloudflare token": r"\bcf(?:at|ut|k)_[A-Za-z0-9_-]{40,}|\bv1\.0-[a-f0-9]{24}-[a-f0-9]{100,}",
    "ntfy token": r"\btk_[a-z0-9]{29}\b",
    "Doppler token": r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}",
    "Linear key": r"\blin_api_[A-Za-z0-9]{40}\b",
    "JSON Web Token": r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{20,}",
}
# A file without any of these, as nearly all are, is not searched: that is much sooner seen.
_SIGNS = (
    "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glptt-", "gldt-", "glrt-",
    "glcbt-",
    "glsoat-", "xox", "hooks.slack", "api/webhooks", "k_live_", ":AA", "tskey-", "T3Blbk", "sk-ant-", "hf_", "npm_",
    "pypi-AgE", "dckr_", "_v1_", "hvs.", "hvb.", "hvr.", "AIza", "SG.", "glsa_", "glc_", "cfat_", "cfut_", "cfk_",
    "v1.0-",
    "tk_", "dp.", "lin_api_", "eyJ",
)  # fmt: skip
_NAMES = tuple(_SHAPES)
# The token that explains what such a token is, at jwt.io and in a thousand tutorials.
_TAUGHT = ("eyJzdWIiOiIxMjM0NTY3ODkwIi", "AKIAIOSFODNN7")


@cache
def _any() -> re.Pattern[str]:
    # Compiled only where something may be found: most repositories need it never.
    return re.compile("|".join(f"(?P<_{number}>{shape})" for number, shape in enumerate(_SHAPES.values())))


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Where each token begins, and whose it is."""
    if not any(sign in text for sign in _SIGNS):
        return
    for found in _any().finditer(text):
        if not is_dull(found[0]) and not any(taught in found[0] for taught in _TAUGHT):
            yield found.start(), _NAMES[int((found.lastgroup or "_0")[1:])]
