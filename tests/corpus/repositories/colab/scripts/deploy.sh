#!/usr/bin/env bash
set -euo pipefail
# ssh old "never mind"
for node in crtr prtr drtr; do
  ssh "$node" "cd ~/colab-config && git pull"
done
