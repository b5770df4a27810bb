"""How Telegram says no."""

from aiogram.types import ResponseParameters


class ApiError(Exception):
    """A Bot API call that is refused: a status, a sentence, and what a client may do about it."""

    def __init__(
        self, code: int, description: str, parameters: ResponseParameters | None = None
    ) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> ApiError:
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after}",
        ResponseParameters(retry_after=retry_after),
    )
