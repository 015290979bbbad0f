"""What is claimed of a playbook is what the real Ansible says that it would write, in check mode on this machine."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from stems.model.claim import Certainty
from stems.tools.ansible import tool as ansible
from stems.tools.ansible.check import scan
from stems.tools.ansible.run import run_playbook
from stems.tools.ansible.subject import path_of
from tests.unit.tools.ansible.build import NODES, job, site

SITE = """
- hosts: all
  gather_facts: false
  vars: {p1: play, p2: play, p3: play, cl: play}
  vars_files: [vf.yml]
  pre_tasks:
    - copy: {content: x, dest: "/pre/{{ p1 }}/{{ p2 }}/{{ cl }}/{{ cl2 }}/{{ g1 }}/{{ g2 }}/{{ h1 }}"}
  roles:
    - {role: app, rp: param, d1: param}
    - {role: app, vars: {d1: entry, rv: entry, d2: entry}}
    - other
  tasks:
    - block:
        - copy: {content: x, dest: "/block/{{ p3 }}/{{ bv }}"}
          vars: {bv: task}
        - include_role: {name: app}
          vars: {d1: include, rv: include}
        - include_role: {name: app, tasks_from: extra}
      vars: {p3: block, bv: block, d2: block}
    - include_tasks: more/a.yml
      vars: {iv: include, p1: include}
    - import_tasks: more/a.yml
      vars: {iv: import}
    - include_tasks: more/a.yml
      loop: [l1, l2]
      loop_control: {loop_var: iv}
    - copy: {src: "{{ item }}", dest: "/glob/{{ item | basename }}"}
      with_fileglob: ["conf/*.conf"]
    - copy: {content: x, dest: "/flat/{{ item }}"}
      with_items: [[a, b], d]
    - copy: {content: x, dest: "/dict/{{ item.key }}/{{ item.value }}"}
      loop: "{{ {'k': 'v'} | dict2items }}"
    - copy: {content: x, dest: "/maps/{{ item.dest | default('none') }}/{{ item['x'] }}"}
      loop: [{dest: a, x: 1}, {x: "{{ p1 }}"}]
    - copy: {content: x, dest: "/index/{{ n }}{{ each }}"}
      loop: [a, b]
      loop_control: {index_var: n, loop_var: each}
    - copy: {content: x, dest: /holds}
      when: cl == 'play' and nobody is not defined
    - copy: {content: x, dest: /holds-not}
      when: [cl == 'play', "'gpu' in group_names"]
    - copy: {content: x, dest: /groups}
      when: inventory_hostname in groups['gateway']
    - copy: {src: tree/, dest: /tree}
    - copy: {src: tree, dest: /trees/}
    - copy: {src: conf/a.conf, dest: /into/}
"""
FILES = {
    "site.yml": SITE,
    "vf.yml": "p2: file\n",
    "roles/app/defaults/main.yml": "d1: default\nd2: default\nrp: default\nrv: default\ncl2: default\n",
    "roles/app/vars/main.yml": "rv: role\n",
    "roles/app/meta/main.yml": "dependencies: [{role: base, who: app}]\n",
    "roles/app/tasks/main.yml": """
- copy: {content: x, dest: "/app/{{ d1 }}/{{ d2 }}/{{ rp }}/{{ rv }}/{{ cl2 }}"}
- copy: {content: x, dest: "/app2/{{ rv }}"}
  vars: {rv: task}
""",
    "roles/app/tasks/extra.yml": "- copy: {content: x, dest: '/extra/{{ d1 }}'}\n",
    "roles/base/defaults/main.yml": "who: nobody\n",
    "roles/base/tasks/main.yml": "- copy: {content: x, dest: '/base/{{ who }}'}\n",
    "roles/other/defaults/main.yml": "od: other\n",
    "roles/other/tasks/main.yml": "- copy: {content: x, dest: '/other/{{ od }}'}\n",
    "more/a.yml": "- copy: {content: x, dest: '/more/{{ iv }}/{{ p1 }}'}\n",
    "group_vars/all.yml": "g1: all\ng2: all\ncl2: all\nh1: all\n",
    "group_vars/gateway.yml": "g2: group\nh1: group\n",
    "host_vars/crtr.yml": "h1: host\n",
    "files/conf/a.conf": "",
    "files/conf/b.conf": "",
    "files/tree/x": "",
    "files/tree/y/z": "",
}


def test_certain_claims_are_what_ansible_would_write(tmp_path: Path) -> None:
    # Which Python a machine would be found to have is not the question.
    given = {"cl": "cluster", "cl2": "cluster", "ansible_python_interpreter": sys.executable}
    asked = replace(job(tmp_path, FILES), variables=dict.fromkeys(NODES, given))
    ran = run_playbook(asked, [site("crtr", is_local=True)], scan(asked), check=True)
    told = [each for each in ran.run.outcomes if each.module == "copy" and each.status == "ok" and not each.loop]
    # Of a folder Ansible tells only the folder.
    written = {path for each in told if (path := path_of(each)) not in ("", "/tree", "/trees")}
    found = list(ansible.claims(asked, NODES["crtr"]))

    assert {each.certainty for each in found} == {Certainty.CERTAIN}
    trees = {"/tree/x", "/tree/y/z", "/trees/tree/x", "/trees/tree/y/z"}
    assert {each.resource.removeprefix("file:") for each in found} == written | trees
