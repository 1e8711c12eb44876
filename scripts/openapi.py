"""Print the OpenAPI document, from which the front end's client is generated."""

import sys
from typing import cast

import msgspec

from acts.database import Database
from realtime.hub import Hub
from server.app import create_app
from server.openapi import describe

# The document is drawn from the handlers alone; no database is opened.
app = create_app(cast("Database", None), Hub())
sys.stdout.buffer.write(msgspec.json.encode(describe(app)))
