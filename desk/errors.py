"""What can go wrong at a desk: every error says what happened and what to do."""


class DeskError(Exception):
    """Something was refused; nothing was changed beyond what the message says. Exit code 1."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "", code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class UsageError(DeskError):
    """The command cannot be understood as it was given. Exit code 2."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "", code: str = "usage") -> None:
        super().__init__(message, hint, code)


class AlarmError(DeskError):
    """The relay (or whoever stands behind it) tried something that an honest one never does."""

    def __init__(self, message: str, hint: str = "", code: str = "alarm") -> None:
        super().__init__(
            message, hint or "Nothing was sealed or sent. Tell your colleagues by another channel.", code
        )


class RelayError(DeskError):
    """The relay answered with an error: `status` is HTTP's, `code` the relay's own word."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"The relay refused: {message}", "", code)
        self.status = status


class UnreachableError(DeskError):
    """The relay could not be reached; the request may or may not have arrived."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"The relay at {url} cannot be reached.",
            "Check the connection and try again; what is queued here stays queued.",
            "unreachable",
        )
