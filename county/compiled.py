"""Functions over arrays as machine code: made at the first call, kept on disk, run without the interpreter's lock."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the function as machine code; where no folder takes the code it is made anew by every process."""
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except (
        RuntimeError
    ):  # neither beside the source nor in the user's cache may anything be written
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Function", made)
