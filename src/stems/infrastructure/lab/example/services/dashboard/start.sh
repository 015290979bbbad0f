#!/bin/sh
# A page for one node, made at start.
date >>/data/starts
mkdir -p /tmp/site
echo ok >/tmp/site/health
cat >/tmp/site/index.html <<END
<!doctype html>
<title>${TITLE:-colab}</title>
<h1>$GREETING</h1>
<p>$NODE ($ROLE), started $(wc -l </data/starts) times.</p>
END
exec httpd -f -p 3000 -h /tmp/site
