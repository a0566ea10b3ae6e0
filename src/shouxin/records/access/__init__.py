"""Who may sign in: opaque logins, devices, sign-ins, one-time codes and counters; no personal value."""
