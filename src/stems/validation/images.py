"""What images that many people run are known for."""

from __future__ import annotations

from collections.abc import Iterable

from stems.tools.compose.model.project import Image, Service

STATE = {
    "postgres": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "postgis/postgis": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "pgvector/pgvector": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "tensorchord/pgvecto-rs": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "immich-app/postgres": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "timescale/timescaledb": ("/var/lib/postgresql/data", "/var/lib/postgresql", "/home/postgres/pgdata"),
    "mariadb": ("/var/lib/mysql",),
    "mysql": ("/var/lib/mysql",),
    "linuxserver/mariadb": ("/config",),
    "mongo": ("/data/db",),
    "influxdb": ("/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/influxdb3"),
    "couchdb": ("/opt/couchdb/data",),
    "neo4j": ("/data",),
    "grafana/grafana": ("/var/lib/grafana",),
    "grafana/grafana-oss": ("/var/lib/grafana",),
    "prom/prometheus": ("/prometheus",),
    "vaultwarden/server": ("/data",),
    "nextcloud": ("/var/www/html", "/var/www/html/data"),
    "home-assistant/home-assistant": ("/config",),
    "homeassistant/home-assistant": ("/config",),
    "gitea/gitea": ("/data", "/var/lib/gitea"),
    "forgejo/forgejo": ("/data", "/var/lib/gitea"),
    "louislam/uptime-kuma": ("/app/data",),
    "portainer/portainer-ce": ("/data",),
    "portainer/portainer": ("/data",),
    "n8nio/n8n": ("/home/node/.n8n",),
    "jellyfin/jellyfin": ("/config",),
    "registry": ("/var/lib/registry",),
    "bitnami/postgresql": ("/bitnami/postgresql",),
    "bitnami/mariadb": ("/bitnami/mariadb",),
    "paperless-ngx/paperless-ngx": ("/usr/src/paperless/data",),
    "wordpress": ("/var/www/html", "/var/www/html/wp-content"),
    "ghost": ("/var/lib/ghost/content",),
    "dani-garcia/vaultwarden": ("/data",),
    "percona": ("/var/lib/mysql",),
    "cassandra": ("/var/lib/cassandra",),
    "clickhouse/clickhouse-server": ("/var/lib/clickhouse",),
    "elasticsearch": ("/usr/share/elasticsearch/data",),
    "elasticsearch/elasticsearch": ("/usr/share/elasticsearch/data",),
    "mssql/server": ("/var/opt/mssql",),
    "qdrant/qdrant": ("/qdrant/storage",),
    "victoriametrics/victoria-metrics": ("/victoria-metrics-data", "/storage"),
    "immich-app/immich-server": ("/usr/src/app/upload", "/data"),
    "pihole/pihole": ("/etc/pihole",),
    "adguard/adguardhome": ("/opt/adguardhome/conf",),
    "jenkins/jenkins": ("/var/jenkins_home",),
    "gitlab/gitlab-ce": ("/var/opt/gitlab",),
    "gitlab/gitlab-ee": ("/var/opt/gitlab",),
    "sonatype/nexus3": ("/nexus-data",),
    "jc21/nginx-proxy-manager": ("/data",),
    "koenkk/zigbee2mqtt": ("/app/data",),
    "nodered/node-red": ("/data",),
    "esphome/esphome": ("/config",),
    "photoprism/photoprism": ("/photoprism/storage",),
    "freshrss/freshrss": ("/var/www/FreshRSS/data",),
    "mealie-recipes/mealie": ("/app/data",),
    "open-webui/open-webui": ("/app/backend/data",),
    "actualbudget/actual-server": ("/data",),
    "plexinc/pms-docker": ("/config",),
    "advplyr/audiobookshelf": ("/config",),
    "dgtlmoon/changedetection.io": ("/datastore",),
    **{
        f"linuxserver/{name}": ("/config",)
        for name in (
            "sonarr", "radarr", "lidarr", "readarr", "prowlarr", "bazarr", "jellyfin", "plex", "emby", "sabnzbd",
            "nzbget", "transmission", "qbittorrent", "deluge", "bookstack", "heimdall", "nextcloud", "calibre-web",
            "syncthing", "freshrss", "code-server", "homeassistant", "duplicati", "overseerr", "tautulli", "kavita",
        )
    },
}  # fmt: skip
"""Where images keep what must not be lost. A mount on one of the folders, or on one above it, keeps it."""

POSTGRES = frozenset({"postgres", "postgis/postgis", "pgvector/pgvector"})
POSTGRES_MOVED = 18
"""From this version on, PostgreSQL keeps its data in a folder of its version, not in `/var/lib/postgresql/data`."""

BACKENDS = {
    "postgres": 5432, "postgis/postgis": 5432, "pgvector/pgvector": 5432, "tensorchord/pgvecto-rs": 5432,
    "immich-app/postgres": 5432, "timescale/timescaledb": 5432, "bitnami/postgresql": 5432,
    "mariadb": 3306, "mysql": 3306, "linuxserver/mariadb": 3306, "bitnami/mariadb": 3306, "percona": 3306,
    "redis": 6379, "valkey/valkey": 6379, "redis/redis-stack": 6379, "bitnami/redis": 6379, "eqalpha/keydb": 6379,
    "mongo": 27017, "memcached": 11211, "etcd": 2379,
    "elasticsearch": 9200, "elasticsearch/elasticsearch": 9200, "opensearchproject/opensearch": 9200,
    "clickhouse/clickhouse-server": 8123, "cassandra": 9042, "rabbitmq": 5672,
    "tecnativa/docker-socket-proxy": 2375, "linuxserver/socket-proxy": 2375, "wollomatic/socket-proxy": 2375,
    "11notes/socket-proxy": 2375, "docker": 2375,
    "couchdb": 5984, "neo4j": 7687, "mssql/server": 1433, "qdrant/qdrant": 6333,
    "getmeili/meilisearch": 7700, "apache/kafka": 9092, "bitnami/kafka": 9092, "zookeeper": 2181, "nats": 4222,
}  # fmt: skip
"""Images that only other containers talk to, and their ports."""

WITHOUT_HEALTH = frozenset({
    "postgres", "mariadb", "mysql", "redis", "valkey/valkey", "mongo", "memcached", "rabbitmq", "nginx", "httpd",
    "traefik", "caddy", "influxdb", "alpine", "debian", "ubuntu", "busybox", "python", "node", "eclipse-mosquitto",
})  # fmt: skip
"""Images that bring no health check of their own."""

SOCKET_PROXIES = frozenset({
    "tecnativa/docker-socket-proxy", "linuxserver/socket-proxy", "wollomatic/socket-proxy", "11notes/socket-proxy",
    "fluencelabs/docker-socket-proxy",
})  # fmt: skip
"""Images that are there to let only some requests through to Docker."""

OF_THE_NODE = frozenset({
    "home-assistant/home-assistant", "homeassistant/home-assistant", "linuxserver/homeassistant",
    "esphome/esphome", "homebridge/homebridge", "home-assistant-libs/python-matter-server",
    "home-assistant-libs/matter-server", "prom/node-exporter", "prometheus/node-exporter", "netdata/netdata",
    "tailscale/tailscale", "plexinc/pms-docker", "linuxserver/plex", "linuxserver/wireguard", "zerotier/zerotier",
    "scrypted/scrypted", "koush/scrypted", "flungo/avahi", "monstermuffin/mdns-repeater", "networkboot/dhcpd",
    "pihole/pihole", "adguard/adguardhome",
    "openthread/otbr", "openthread/border-router", "scrutiny/omnibus", "lscr/linuxserver/plex", "glances",
    "nicolargo/glances", "henrygd/beszel-agent", "henrygd/beszel/beszel-agent", "crowdsecurity/fail2ban",
    "crazymax/fail2ban", "linuxserver/fail2ban", "osixia/keepalived", "music-assistant/server",
    "jlesage/avahi", "yandex/rtsp", "blakeblackshear/frigate", "dockurr/samba", "google/cadvisor", "cadvisor/cadvisor",
})  # fmt: skip
"""Images that are about the node or its network itself, and need to be near it."""

MANAGERS = frozenset({
    "portainer/portainer-ce", "portainer/portainer", "portainer/portainer-ee", "portainer/agent", "louislam/dockge",
    "containrrr/watchtower", "nickfedor/watchtower", "nicholas-fedor/watchtower", "selfhostedpro/yacht",
    "moghtech/komodo-periphery", "pyouroboros/ouroboros", "willfarrell/autoheal", "swarmpit/agent",
})  # fmt: skip
"""Images that are there to start and stop other containers."""

WITH_HEALTH = frozenset({
    "vaultwarden/server", "pihole/pihole", "qmcgaw/gluetun", "immich-app/immich-server",
    "immich-app/immich-machine-learning", "immich-app/postgres", "louislam/uptime-kuma", "jellyfin/jellyfin",
    "plexinc/pms-docker", "paperless-ngx/paperless-ngx", "gcr.io/cadvisor/cadvisor", "cadvisor/cadvisor",
    "google/cadvisor", "netdata/netdata", "syncthing/syncthing", "containrrr/watchtower", "nickfedor/watchtower",
    "adguard/adguardhome-sync", "binwiederhier/ntfy", "filebrowser/filebrowser", "mvance/unbound", "klutchell/unbound",
    "photoprism/photoprism", "requarks/wiki", "gotenberg/gotenberg", "goauthentik/server", "authelia/authelia",
    "crazymax/rtorrent-rutorrent", "crazymax/diun", "crazymax/fail2ban", "crazymax/ddns-route53",
    "zwavejs/zwave-js-ui", "mailserver/docker-mailserver", "docker-mailserver/docker-mailserver",
    "nextcloud-releases/all-in-one", "nextcloud/all-in-one", "advplyr/audiobookshelf", "stirlingtools/stirling-pdf",
    "haugene/transmission-openvpn", "binhex/arch-qbittorrentvpn", "dgtlmoon/changedetection.io",
    "sysadminsmedia/homebox", "gethomepage/homepage", "actualbudget/actual-server", "mealie-recipes/mealie",
    "louislam/dockge", "blakeblackshear/frigate", "tarampampam/error-pages", "karakeep-app/karakeep",
    "hoarder-app/hoarder", "crazymax/samba", "dockurr/samba", "wg-easy/wg-easy", "open-webui/open-webui",
    "dani-garcia/vaultwarden", "tarampampam/webhook-tester", "qmcgaw/ddns-updater", "itzg/minecraft-server",
    "goauthentik/ldap",
    "hay-kot/mealie", "kiwix/kiwix-serve", "umami-software/umami", "browserless/chrome", "linkwarden/linkwarden",
})  # fmt: skip
"""Images that bring a health check of their own."""


def name_of(image: Image | None) -> str:
    """The name of an image without registry and tag; empty where it is not known."""
    return image.named.name.removeprefix("library/") if image and image.named else ""


def family(service: Service, known: Iterable[str]) -> str:
    """Which of some known images a service runs; empty for none, and for what is built here."""
    name = name_of(service.image)
    return name if service.build is None and name in known else ""
