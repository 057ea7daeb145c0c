"""The console: what an account's people see and do."""
