"""Tokens that say themselves what they are: their providers give them a prefix or a shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stems.validation.secrets.values import is_dull


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one provider's tokens. Each of `signs` stands at most `before` characters behind its start."""

    name: str
    signs: tuple[str, ...]
    pattern: str
    before: int = 0


_SHAPES = (
    Shape("AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    Shape("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    Shape("GitHub token", ("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{40,}\b"),
    Shape("GitLab token", ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-"), r"\bgl[a-z]{2,4}-[\w-]{20,}"),
    Shape("Slack token", ("xox",), r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}"),
    Shape(
        "Slack webhook", ("hooks.slack",), r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}"
    ),
    Shape(
        "Discord webhook",
        ("discord.com/api/w", "discordapp.com/api/w"),
        r"discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{50,}",
    ),
    Shape("Stripe key", ("sk_live_", "rk_live_"), r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
    Shape("Telegram bot token", (":AA",), r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])", before=10),
    Shape("Tailscale key", ("tskey-",), r"\btskey-[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,}"),
    Shape(
        "OpenAI key",
        ("T3BlbkFJ",),
        r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16,}",
        before=120,
    ),
    Shape("Anthropic key", ("sk-ant-",), r"\bsk-ant-[a-z]+\d\d-[\w-]{60,}"),
    Shape("Hugging Face token", ("hf_",), r"\bhf_[A-Za-z]{30,}\b"),
    Shape("npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}\b"),
    Shape("PyPI token", ("pypi-AgE",), r"\bpypi-AgE[\w-]{50,}"),
    Shape("Docker Hub token", ("dckr_",), r"\bdckr_(?:pat|oat)_[\w-]{24,}"),
    Shape("DigitalOcean token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    Shape("HashiCorp Vault token", ("hvs.", "hvb.", "hvr."), r"\bhv[sbr]\.[\w-]{24,}"),
    Shape("Google API key", ("AIza",), r"\bAIza[0-9A-Za-z_-]{35}\b"),
    Shape("SendGrid key", ("SG.",), r"\bSG\.[\w-]{20,24}\.[\w-]{39,50}"),
    Shape("Grafana token", ("glsa_", "glc_"), r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}"),
    Shape("Cloudflare token", ("cfat_", "cfut_", "cfk_"), r"\bcf(?:at|ut|k)_[A-Za-z0-9_-]{40,}"),
    Shape("Cloudflare key", ("v1.0-",), r"\bv1\.0-[a-f0-9]{24}-[a-f0-9]{100,}"),
    Shape("ntfy token", ("tk_",), r"\btk_[a-z0-9]{29}\b"),
    Shape("Doppler token", ("dp.pt.", "dp.st.", "dp.ct.", "dp.sa."), r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}"),
    Shape("Linear key", ("lin_api_",), r"\blin_api_[A-Za-z0-9]{40}\b"),
    Shape("Cloudflare tunnel token", ("eyJhIjoi",), r"\beyJhIjoi[A-Za-z0-9+/_-]{80,}={0,2}"),
    Shape("JSON Web Token", ("eyJ",), r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{20,}"),
)
_BY_SIGN = tuple((sign, shape) for shape in _SHAPES for sign in shape.signs)
# The token that explains what such a token is, at jwt.io and in a thousand tutorials.
_TAUGHT = ("eyJzdWIiOiIxMjM0NTY3ODkwIi", "AKIAIOSFODNN7")
_LONGEST, _MOST = 2000, 1000


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Where each token begins, and whose it is."""
    for sign, shape in _BY_SIGN:
        # That a text has a sign is seen a hundred times sooner than that it has no token.
        if sign in text:
            for offset, token in _found(text, sign, shape):
                if not is_dull(token) and not any(taught in token for taught in _TAUGHT):
                    yield offset, shape.name


def _found(text: str, sign: str, shape: Shape) -> Iterator[tuple[int, str]]:
    pattern, at = _compiled(shape.pattern), -1
    for _ in range(_MOST):
        at = text.find(sign, at + 1)
        if at < 0:
            return
        found = pattern.search(text, max(0, at - shape.before), at + _LONGEST) if shape.before else None
        found = found or pattern.match(text, at, at + _LONGEST)
        if found:
            yield found.start(), found[0]
            at = max(at, found.end() - 1)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Only where something may be found: most repositories need few of them.
    return re.compile(pattern)
