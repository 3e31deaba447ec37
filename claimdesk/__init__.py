"""ClaimDesk: the one desktop program of an insurance claims office, from the first call to the archive."""

__version__ = '0.1.0'
APPLICATION = 'ClaimDesk'
"""The name under which folders, windows and passwords are kept."""
