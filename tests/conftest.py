from __future__ import annotations

from hypothesis import HealthCheck, settings

# A busy machine is not a slow parser: how long an example takes says nothing here.
settings.register_profile("srbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("srbot")
