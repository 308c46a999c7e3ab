"""Real servers from wheels, started by our own launcher: for `make run`, `make test` and every management command."""

from aiexports.embedded.servers import servers_for_command
from aiexports.embedded.trouble import Trouble

__all__ = ["Trouble", "servers_for_command"]
