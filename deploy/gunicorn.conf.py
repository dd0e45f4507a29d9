"""How the web server runs, in the demo and in production; every value can be set by environment."""

import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Threads, not sync workers: a slow upload occupies a thread and is never killed for being slow. A thread that waits
# for bytes costs next to nothing, and with few of them the pages of everybody else would wait with it.
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "64"))
# A child forked after the application is loaded would inherit threads that do not run there.
preload_app = False
timeout = 120
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS", "30"))
keepalive = 5
# It lies in the home folder, the same for two servers of one user; the process supervisor does its work.
control_socket_disable = True
# Who may set X-Forwarded-*: the reverse proxy's address.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
accesslog = os.environ.get("ACCESS_LOG") or None
# Proxy, client, method, path and time; never a query string, which may carry what somebody looked for.
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(B)sB %(M)sms"
