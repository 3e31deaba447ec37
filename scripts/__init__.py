"""What builds and checks ClaimDesk, and is no part of it."""
