"""A secret is in its file and nowhere else: not in a plan, a diff, a message, a log, the journal or the ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cluster.conftest import Tell
from tests.support.story import Done, Story

FIRST = {"dotfile": "dotfile-uno", "vault": "v4ult-Zq19xmW", "env": "env1ron-Lp55tyB", "unit": "unitfile-uno"}
SECOND = {name: f"{value}-due" for name, value in FIRST.items()}
"""Those of the dotfile and the unit are in Git, where a rule stops what looks like a real one."""
BY_HAND = "by-h4nd-Vn38kdT"
PHRASE = "plain-horse-of-the-node"
"""In an environment file of a unit, which says it when it fails. Nothing but its place gives it away."""
VAULTED = """
    - name: Secret
      ansible.builtin.copy: {{content: "password={{{{ vaulted }}}}\\n", dest: /etc/{name}-secret, mode: "0600"}}
"""
BREAKS = """
    - name: Break
      ansible.builtin.command: sh -c 'echo it is {{ vaulted }} >&2; exit 3'
"""
UNIT = "[Service]\nEnvironment=API_TOKEN={token}\nExecStart=/bin/sleep 31000\n[Install]\nWantedBy=multi-user.target\n"
LOUD = """[Service]
EnvironmentFile=/etc/{name}-unit.env
ExecStartPre=/bin/sh -c 'echo cannot log in with $$PHRASE; exit 1'
ExecStart=/bin/sleep 31000
"""
CLEAN = """sudo systemctl disable --now $name-unit
sudo rm -f /etc/$name-secret /etc/$name-unit.env /etc/systemd/system/$name-unit.service"""


def test_a_secret_stays_in_its_file(told: Tell, tmp_path: Path) -> None:
    """New, changed, edited by hand, and in what a failing release says and takes back: in all three domains."""
    with told("secrets", system="prtr", alone=True) as story:
        name = story.site.name
        _declare(story, tmp_path)
        said: list[Done] = []
        try:
            _release(story, FIRST)
            said += [story.stems("plan"), story.stems("plan", "--json"), story.deploy()]
            story.ask("prtr", f"echo 'TOKEN={FIRST['env']}' >$checkout/services/{name}-web/.env")
            said += [story.stems("plan"), story.deploy()]
            assert FIRST["env"] in story.ask("prtr", f"docker exec {name}-web-web-1 env")
            assert story.ask("prtr", "sudo cat /etc/$name-secret") == f"password={FIRST['vault']}\n"

            story.ask("prtr", f"echo 'token: {BY_HAND}' >>~/.{name}rc")
            story.ask("prtr", f"echo 'password={BY_HAND}' | sudo tee /etc/$name-secret")
            said += [story.stems("drift", exits=4), story.stems("drift", "--json", exits=4)]
            said += [story.stems("deploy", "--repair", answers="y\n")]

            _release(story, SECOND, more=BREAKS)
            said += [story.stems("plan"), story.stems("plan", "--json"), story.deploy(exits=8)]
            said += [story.stems("status"), story.stems("history"), story.stems("history", "--json")]
            assert story.ask("prtr", "sudo cat /etc/$name-secret") == f"password={FIRST['vault']}\n"
            said += [_failed_by_a_loud_unit(story)]
            _require_none(story, said)
        finally:
            story.ask("prtr", f"{{ {CLEAN}; sudo systemctl daemon-reload; }} 2>&1 || :")


def _declare(story: Story, folder: Path) -> None:
    """A dotfile and a unit of which Git knows the secret, a vault that the person opens, and a `.env` on the node."""
    name, cluster = story.site.name, story.site.cluster
    web = {**cluster["services"][f"{name}-web"], "node": "prtr"}
    cluster["services"] = {f"{name}-web": web, f"{name}-unit": {"node": "prtr", "tool": "systemd"}}
    (folder / "vault").write_text("open sesame\n")
    story.env["ANSIBLE_VAULT_PASSWORD_FILE"] = str(folder / "vault")
    cluster["domains"]["system"]["environment"] = ["ANSIBLE_VAULT_PASSWORD_FILE"]


def _failed_by_a_loud_unit(story: Story) -> Done:
    story.ask("prtr", f'echo PHRASE={PHRASE} | sudo sh -c "umask 077; cat >/etc/$name-unit.env"')
    _release(story, FIRST, unit=LOUD.format(name=story.site.name))
    failed = story.deploy(exits=8)
    assert "cannot log in with" in str(failed)
    return failed


def _release(story: Story, secrets: dict[str, str], *, more: str = "", unit: str = UNIT) -> None:
    name = story.site.name
    encrypt = ("ansible-vault", "encrypt_string", "--vault-password-file", story.env["ANSIBLE_VAULT_PASSWORD_FILE"])
    words = (str(Path(sys.executable).parent / encrypt[0]), *encrypt[1:], "--name", "vaulted", secrets["vault"])
    files: dict[str, str | None] = {
        f"dotfiles/.{name}rc": f"token: {secrets['dotfile']}\n",
        "ansible/site.yml": story.site.playbook(VAULTED.format(name=name) + more),
        "ansible/group_vars/all.yml": subprocess.run(words, check=True, capture_output=True, text=True).stdout,
        f"services/{name}-unit/{name}-unit.service": unit.replace("{token}", secrets["unit"]),
    }
    if not more and unit == UNIT:
        web = story.site.web_compose()
        files[f"{story.site.web}/compose.yml"] = web.replace(
            "environment: {", 'environment: {TOKEN: "${TOKEN:-none}", '
        )
        files[f"{story.site.keeper}/compose.yml"] = None
    story.commit(files)


def _require_none(story: Story, said: list[Done]) -> None:
    """What was said and what was written down, except for the files that are secret and what is kept of them."""
    store = [path for path in (story.root / ".git" / "stems").rglob("*") if path.is_file()]
    texts = {
        **{str(done.words): str(done) for done in said},
        "ledger": story.git("log", "-p", "--format=%B", "stems/ledger"),
        "tags": story.git("for-each-ref", "--format=%(contents)", "refs/tags"),
        "journal": story.ask("prtr", "cat $state/journal.jsonl"),
        "names": story.ask("prtr", 'sudo find "$state"'),
        "log of the node": story.ask("prtr", "sudo journalctl -q -o cat -t sudo -t ansible -t python3"),
        **{path.name: path.read_text() for path in store},
    }
    assert f"{story.site.name}-secret" in texts["journal"] + texts["ledger"]
    for where, text in texts.items():
        for secret in (*FIRST.values(), *SECOND.values(), BY_HAND, PHRASE):
            assert secret not in text, where
