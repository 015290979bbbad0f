"""Ansible trees as people keep them, each with what a rule about playbooks says of it."""

from __future__ import annotations

from stems.validation.page import Example

HOMELAB: Example = {
    "ansible.cfg": """
        [defaults]
        inventory = inventory/hosts.ini
        roles_path = roles:galaxy_roles
        stdout_callback = yaml
        [ssh_connection]
        pipelining = True
        ssh_args = -o ControlMaster=auto -o ControlPersist=60s
        """,
    ".gitignore": "*.retry\ngalaxy_roles/\n.vault_pass\n",
    "requirements.yml": """
        roles:
          - name: geerlingguy.docker
            version: 7.4.1
        collections:
          - name: community.general
            version: ">=9.0.0,<10.0.0"
        """,
    "inventory/hosts.ini": """
        [gateway]
        gate ansible_host=192.0.2.10

        [gpu]
        box ansible_host=192.0.2.11 ansible_user=me

        [home:children]
        gateway
        gpu

        [all:vars]
        ansible_python_interpreter=/usr/bin/python3
        """,
    "inventory/group_vars/all/main.yml": """
        timezone: Europe/Vienna
        admin_user: me
        admin_password: "{{ vault_admin_password }}"
        base_packages: [tmux, git, htop]
        ntp_servers:
          - 0.pool.ntp.org
        """,
    "inventory/group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n6162636465\n6162\n",
    "inventory/group_vars/gateway.yml": "caddy_version: 2.8.4\ncaddy_sites:\n  - {name: web, port: 8080}\n",
    "inventory/host_vars/box.yml": "gpu_driver: nvidia-driver-550\n",
    "site.yml": """
        - name: Everything on every node
          hosts: all
          become: true
          pre_tasks:
            - name: Update the package cache
              ansible.builtin.apt: {update_cache: true, cache_valid_time: 3600}
              when: ansible_os_family == 'Debian'
          roles:
            - common
            - {role: geerlingguy.docker, docker_users: ["{{ admin_user }}"], tags: docker}

        - hosts: gateway
          become: true
          roles: [caddy]

        - import_playbook: playbooks/gpu.yml
        """,
    "playbooks/gpu.yml": """
        - hosts: gpu
          become: true
          vars_files: ["../vars/{{ gpu_vendor | default('nvidia') }}.yml"]
          tasks:
            - name: Install the driver
              ansible.builtin.apt: {name: "{{ gpu_driver }}"}
              notify: Reboot
            - name: Say which
              ansible.builtin.debug: {msg: "{{ gpu_runtime }} on {{ ansible_facts['hostname'] }}"}
          handlers:
            - name: Reboot
              ansible.builtin.reboot:
        """,
    "vars/nvidia.yml": "gpu_runtime: nvidia\n",
    "roles/common/defaults/main.yml": "---\nssh_port: 22\ncommon_extra: []\n",
    "roles/common/vars/Debian.yml": "ssh_service: ssh\n",
    "roles/common/vars/RedHat.yml": "ssh_service: sshd\n",
    "roles/common/tasks/main.yml": """
        - name: Variables of the distribution
          ansible.builtin.include_vars: "{{ item }}"
          with_first_found:
            - "{{ ansible_distribution }}.yml"
            - "{{ ansible_os_family }}.yml"
        - ansible.builtin.include_tasks: packages.yml
        - ansible.builtin.import_tasks: ssh.yml
          tags: [ssh]
        """,
    "roles/common/tasks/packages.yml": """
        - name: Install
          ansible.builtin.package:
            name: "{{ base_packages + common_extra }}"
          register: installed
          until: installed is succeeded
          retries: 3
        - name: Who is there
          ansible.builtin.command: id -u {{ admin_user }}
          register: uid
          changed_when: false
          check_mode: false
        - ansible.builtin.set_fact:
            admin_uid: "{{ uid.stdout | int }}"
        - name: One after another
          ansible.builtin.debug:
            msg: "{{ package }} {{ number }} {{ admin_uid }}"
          loop: "{{ base_packages }}"
          loop_control: {loop_var: package, index_var: number}
        """,
    "roles/common/tasks/ssh.yml": """
        - name: Configure
          block:
            - ansible.builtin.template:
                src: sshd_config.j2
                dest: /etc/ssh/sshd_config
                mode: "0600"
                validate: sshd -t -f %s
              notify: restart ssh
          rescue:
            - ansible.builtin.fail: {msg: "sshd does not like it: {{ ansible_failed_result.msg }}"}
          when: ssh_service is defined
        """,
    "roles/common/handlers/main.yml": """
        - name: restart sshd
          listen: restart ssh
          ansible.builtin.service: {name: "{{ ssh_service }}", state: restarted}
        """,
    "roles/common/templates/sshd_config.j2": """
        # {{ ansible_managed }}
        Port {{ ssh_port }}
        {% for server in ntp_servers %}
        # {{ loop.index }} {{ server }}
        {% endfor %}
        {%- set users = [admin_user] %}
        AllowUsers {{ users | join(' ') }}
        {% if groups['gateway'] is defined and inventory_hostname in groups['gateway'] %}
        GatewayPorts yes
        {% endif %}
        {% include 'extra.j2' %}
        """,
    "roles/common/templates/extra.j2": "# {{ timezone }}\n",
    "roles/caddy/meta/main.yml": "dependencies:\n  - role: common\n",
    "roles/caddy/tasks/main.yml": """
        - name: Download
          ansible.builtin.get_url:
            url: "https://github.com/caddyserver/caddy/releases/download/v{{ caddy_version }}/caddy.tgz"
            dest: /tmp/caddy.tgz
            checksum: "sha256:{{ caddy_sums[ansible_architecture] }}"
            mode: "0644"
        - ansible.builtin.template: {src: Caddyfile.j2, dest: /etc/caddy/Caddyfile, mode: "0644"}
          notify: [reload caddy]
        - ansible.builtin.copy: {src: caddy.service, dest: /etc/systemd/system/, mode: "0644"}
        """,
    "roles/caddy/defaults/main.yml": "caddy_sums: {x86_64: abc, aarch64: def}\n",
    "roles/caddy/handlers/main.yml": "- name: reload caddy\n  ansible.builtin.systemd: {name: caddy}\n",
    "roles/caddy/files/caddy.service": "[Unit]\nDescription=Caddy\n",
    "roles/caddy/templates/Caddyfile.j2": """
        {% for site in caddy_sites %}
        {{ site.name }}.{{ domain | default('home.arpa') }} {
            reverse_proxy 127.0.0.1:{{ site.port }}
        }
        {% endfor %}
        """,
}
"""Three plays, galaxy beside roles of its own, a vault, files for each distribution."""

ROLE: Example = {
    "README.md": "# Ansible role: nginx\n\n    - hosts: all\n      roles: [me.nginx]\n",
    "defaults/main.yml": 'nginx_user: www-data\nnginx_vhosts: []\nnginx_conf_template: "nginx.conf.j2"\n',
    "vars/Debian.yml": "__nginx_user: www-data\n",
    "meta/main.yml": "dependencies: []\ngalaxy_info: {role_name: nginx, author: me}\n",
    "tasks/main.yml": """
        - name: Include OS-specific variables.
          include_vars: "{{ ansible_os_family }}.yml"
        - include_tasks: setup-Debian.yml
          when: ansible_os_family == 'Debian'
        - import_tasks: vhosts.yml
        - name: Copy nginx configuration in place.
          template:
            src: "{{ nginx_conf_template }}"
            dest: /etc/nginx/nginx.conf
            owner: root
            mode: 0644
          notify:
            - reload nginx
        """,
    "tasks/setup-Debian.yml": "- name: Ensure nginx is installed.\n  apt: name=nginx state=present\n",
    "tasks/vhosts.yml": """
        - name: Add managed vhost config files.
          template:
            src: "{{ item.template | default(nginx_vhost_template) }}"
            dest: "/etc/nginx/sites-enabled/{{ item.filename }}"
            force: true
            mode: 0644
          when: item.state | default('present') != 'absent'
          with_items: "{{ nginx_vhosts }}"
          notify: reload nginx
        """,
    "handlers/main.yml": "- name: reload nginx\n  service: {name: nginx, state: reloaded}\n",
    "templates/nginx.conf.j2": "user {{ nginx_user }};\n{% block http %}\nhttp { {{ nginx_extra }} }\n{% endblock %}\n",
    "molecule/default/converge.yml": "- hosts: all\n  roles:\n    - role: geerlingguy.nginx\n",
    "tests/inventory": "localhost\n",
    "tests/test.yml": "- hosts: localhost\n  remote_user: root\n  roles: [me.nginx]\n",
}
"""A role that is a repository of its own, as galaxy has thousands."""

ENVIRONMENTS: Example = {
    "ansible/ansible.cfg": "[defaults]\ninventory = inventories/home\nhost_key_checking = True\n",
    "ansible/inventories/home/hosts.yml": """
        all:
          children:
            pis:
              hosts:
                pi[1:3]:
            nas:
              hosts:
                nas.home.arpa: {ansible_user: root}
        """,
    "ansible/inventories/home/group_vars/pis.yml": "pi_model: 4\n",
    "ansible/inventories/home/host_vars/nas.home.arpa.yml": "pools: [tank]\n",
    "ansible/inventories/lab/hosts.yml": "all: {children: {pis: {hosts: {vm1: }}, vms: {hosts: {vm1: }}}}\n",
    "ansible/inventories/lab/group_vars/vms.yml": "pi_model: none\n",
    "ansible/playbooks/pis.yml": """
        - hosts: pis
          serial: 1
          tasks:
            - ansible.builtin.include_role:
                name: "{{ item }}"
              loop: [base, docker]
        """,
    "ansible/playbooks/nas.yml": """
        - hosts: nas
          gather_facts: false
          vars_prompt:
            - name: confirmed
              prompt: Sure?
              private: false
          tasks:
            - ansible.builtin.assert: {that: confirmed == 'yes'}
            - ansible.builtin.command: zpool scrub {{ item }}
              loop: "{{ pools }}"
              changed_when: true
        """,
    "ansible/playbooks/local.yml": """
        - hosts: localhost
          connection: local
          tasks:
            - ansible.builtin.copy:
                src: "{{ playbook_dir }}/../files/gitconfig"
                dest: ~/.gitconfig
                mode: "0644"
        """,
    "ansible/files/gitconfig": "[user]\n",
    "ansible/roles/base/tasks/main.yml": "- ansible.builtin.hostname: {name: '{{ inventory_hostname }}'}\n",
    "ansible/roles/docker/tasks/main.yml": """
        - ansible.builtin.shell: |
            set -o pipefail
            docker ps --format '{{ "{{" }}.Names}}' | sort
          args: {executable: /bin/bash}
          register: containers
          changed_when: false
          failed_when: containers.rc > 1
        - ansible.builtin.debug: {var: containers.stdout_lines}
        """,
    "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
}
"""Two inventories, roles whose names a loop gives, a play for the machine itself."""

PULL: Example = {
    "local.yml": """
        - hosts: all
          connection: local
          become: true
          tasks:
            - name: Pull again every hour
              ansible.builtin.cron:
                name: ansible-pull
                special_time: hourly
                job: ansible-pull -U {{ repo_url }} -i "$(hostname)," local.yml
            - ansible.builtin.include_tasks: tasks/{{ ansible_hostname }}.yml
            - ansible.builtin.include_tasks: tasks/common.yml
        """,
    "group_vars/all.yml": "repo_url: https://git.example/me/home.git\n",
    "host_vars/laptop.yml": "wifi: true\n",
    "tasks/laptop.yml": "- ansible.builtin.package: {name: powertop}\n  when: wifi\n",
    "tasks/common.yml": "- ansible.builtin.user: {name: me, groups: [sudo], append: true, shell: /bin/zsh}\n",
    "install.sh": "#!/bin/sh\nansible-pull -U https://git.example/me/home.git local.yml\n",
}
"""ansible-pull: no inventory, a file for each machine."""

SUBMODULE: Example = {
    ".gitmodules": '[submodule "roles/dotfiles"]\n\tpath = roles/dotfiles\n\turl = https://git.example/me/dotfiles.git\n',
    "hosts": "[all]\ngate\n",
    "playbook.yml": "- hosts: all\n  roles: [dotfiles, own]\n",
    "roles/own/tasks/main.yml": "- ansible.builtin.package: {name: git}\n  notify: reload dotfiles\n",
}
"""A role in a submodule: what it has is not here."""

NEGLECTED: Example = {
    ".gitignore": "*.retry\n.vault_pass\nroles/geerlingguy.*\n",
    "ansible.cfg": "[defaults]\ninventory = inventory.ini\nhost_key_checking = False\n",
    "requirements.yml": "roles:\n  - geerlingguy.docker\ncollections:\n  - {name: community.general, version: 9.0.0}\n",
    "inventory.ini": """
        [gateway]
        gate ansible_host=192.0.2.10 ansible_become_password=s3cr3t-Pi

        [media]
        box ansible_host=192.0.2.11

        [spare]
        attic ansible_host=192.0.2.12
        """,
    "group_vars/all.yml": "admin_user: me\nnginx_port: 80\n",
    "group_vars/medai.yml": "media_root: /srv\n",
    "site.yml": """
        - hosts: gateway
          become: true
          roles: [common, geerlingguy.docker, ngnix]
        - hosts: medias
          roles: [common]
        - hosts: media
          roles: [nginx]
        """,
    "roles/common/tasks/main.yml": """
        - name: Install
          apt: {name: [tmux], state: latest}
        - name: Tools
          git: {repo: "https://git.example/tools.git", dest: /opt/tools}
        - get_url:
            url: https://git.example/raw/master/install.sh
            dest: /opt/install.sh
            mode: 755
        - file: {path: /opt/share, state: directory, mode: "0777"}
        - shell: /opt/install.sh
          ignore_errors: yes
        - include_tasks: usres.yml
        """,
    "roles/common/tasks/users.yml": "- user: {name: '{{ admin_user }}'}\n",
    "roles/nginx/tasks/main.yml": """
        - template: {src: nginx.conf.j2, dest: /etc/nginx/nginx.conf}
          notify: restart nginx
        - template: {src: site.conf.j2, dest: /etc/nginx/site.conf}
          when: "{{ nginx_port == 80 }}"
        - debug: {msg: "{{ admin_usr }}"}
          become: true
        """,
    "roles/nginx/handlers/main.yml": "- name: Restart nginx\n  service: {name: nginx, state: restarted}\n",
    "roles/nginx/templates/nginx.conf.j2": "listen {{ nginx_prot }};\n",
    "roles/extra/tasks/main.yml": "- ansible.builtin.debg: {msg: a}\n",
}
"""The same troubles as one finds them, many in one tree."""

SAID = {
    "neglected": (
        NEGLECTED,
        (
            *("STM425", "STM443", "STM442"),
            *("STM428", "STM438", "STM437", "STM439", "STM439", "STM429", "STM427", "STM426", "STM441", "STM440"),
            *("STM444", "STM434", "STM433", "STM432", "STM431", "STM430", "STM435", "STM445", "STM446"),
        ),
    ),
    "homelab": (HOMELAB, ()),
    "role": (ROLE, ()),
    "environments": (ENVIRONMENTS, ()),
    "pull": (PULL, ()),
    "submodule": (SUBMODULE, ("STM429",)),
}
