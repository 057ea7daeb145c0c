"""A rule said no: the base of every refusal in the business folders."""

from __future__ import annotations

import inspect
import re


class Refusal(Exception):
    """The request was refused."""

    @property
    def code(self) -> str:
        """Stable snake_case name for machines: `EnvelopeClosed` → `envelope_closed`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def template(self) -> str:
        """The docstring, which is also its key in the catalogues of translations."""
        return inspect.cleandoc(type(self).__doc__ or Refusal.__doc__ or "")

    @property
    def message(self) -> str:
        """The same, filled with the arguments given when it was raised."""
        return self.template.format(*self.args)

    def __str__(self) -> str:
        return self.message


class NotFound(Refusal):
    """There is no such {0}."""
