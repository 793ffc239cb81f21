"""The two ways in which bytes from outside can be wrong (PROTOCOL section 1)."""


class CryptoError(ValueError):
    """What the bytes are not; the message carries no key, id or content and may be shown."""


class Malformed(CryptoError):  # noqa: N818  (the protocol's own word)
    """Not in the form the protocol gives."""


class Refused(CryptoError):  # noqa: N818  (the protocol's own word)
    """In the right form, but a signature, hash, key, time or other object says no."""
