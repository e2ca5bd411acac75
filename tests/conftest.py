"""What all tests share: properties are about what is right, never about how fast the machine is."""

from hypothesis import settings

settings.register_profile("netviz", deadline=None)
settings.load_profile("netviz")
