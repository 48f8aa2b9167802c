"""When is a call of a function an occurrence of an activity, and whose? What stands behind the decorator."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from string import Formatter
from typing import Any, Final, ParamSpec, TypeVar, cast
from uuid import UUID

from lineage.errors import Refused
from lineage.events import BY_NAME, Header, PopulationShared, Shared
from lineage.policy import Policy
from lineage.policy.models import Activity
from lineage.service.failures import said
from lineage.service.visit import visit

P = ParamSpec("P")
R = TypeVar("R")

Subject = str | Callable[..., str | UUID | None]
Tell = Callable[[str | UUID | None, dict[str, Any]], None]
Fail = Callable[[Exception], None]
Told = Callable[[tuple[Any, ...], Mapping[str, Any], object], None]

_RESULT: Final = "result"
_FAILED: Final = 400


def recorded(
    policy: Policy, activity: str, subject: Subject | None, given: Mapping[str, Any], tell: Tell, fail: Fail
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The decorator of an activity. ``tell`` gets subject and fields of each occurrence, ``fail`` what was
    raised when they were looked for. Raises Refused when it could never be right.
    """
    declared = _declared(policy, activity, subject, given)
    is_disclosure = is_told_before(declared)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise Refused(f"activity {activity}: a generator ends when it is read; call record() in its body")
        whose = _whose(declared, subject, function, with_result=not is_disclosure)

        def told(args: tuple[Any, ...], kwargs: Mapping[str, Any], result: object) -> None:
            try:
                fields = {
                    name: each(*args, **kwargs) if callable(each) else each for name, each in given.items()
                }
                whom = whose(args, kwargs, result)
            except Exception as error:
                reason = said(error)
            else:
                return tell(whom, fields)
            # Outside of the handler: what is raised here has no exception behind it that may name somebody.
            return fail(Refused(f"activity {activity}: its subject or fields could not be told: {reason}"))

        return _around(function, told, before=is_disclosure)

    return decorate


def is_told_before(activity: Activity) -> bool:
    """Is it recorded before it happens? Disclosures are: one that fails is one too many, never one less."""
    return issubclass(BY_NAME[activity.event], Shared | PopulationShared)


def _declared(policy: Policy, activity: str, subject: object, given: Mapping[str, Any]) -> Activity:
    """The activity, if a call of it could be right at all. Raises Refused."""
    sample = "account:sample" if subject is not None or _is_of_person(policy, activity) else None
    event = policy.fill(activity, sample, **{n: None if callable(it) else it for n, it in given.items()})
    if not any(callable(each) for each in given.values()) and (problems := policy.problems(event)):
        raise Refused(f"activity {activity}: {'; '.join(problems)}")
    return policy.activities[activity]


def _is_of_person(policy: Policy, activity: str) -> bool:
    declared = policy.activities.get(activity)
    return declared is None or issubclass(BY_NAME[declared.event], Header)


def _whose(
    activity: Activity, subject: Subject | None, function: Callable[..., Any], *, with_result: bool
) -> Callable[[tuple[Any, ...], Mapping[str, Any], object], str | UUID | None]:
    """How the subject of a call is found. A template's words are compared with the function's arguments."""
    if callable(subject):
        found = subject
        return lambda args, kwargs, result: found(*args, **kwargs)
    if subject is None:
        is_of_person = issubclass(BY_NAME[activity.event], Header)
        return lambda args, kwargs, result: _visitor() if is_of_person else None
    template = subject
    signature = inspect.signature(function)
    known = set(signature.parameters) | ({_RESULT} if with_result else set())
    for _, word, _, _ in Formatter().parse(template):
        if word is not None and word.partition(".")[0].partition("[")[0] not in known:
            raise Refused(f"activity {activity.id}: its subject names no argument of the function")

    def formatted(args: tuple[Any, ...], kwargs: Mapping[str, Any], result: object) -> str:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return template.format_map({_RESULT: result} | bound.arguments)

    return formatted


def _visitor() -> str:
    served = visit()
    subject = None if served is None else served.subject
    if subject is None:
        raise Refused("its subject is not known: call person_is() before, or give the decorator a subject")
    return subject


def _around(function: Callable[P, R], told: Told, *, before: bool) -> Callable[P, R]:
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
            if before:
                told(args, kwargs, None)
            result = await function(*args, **kwargs)
            if not before and _succeeded(result):
                told(args, kwargs, result)
            return result

        return cast(Callable[P, R], awaited)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if before:
            told(args, kwargs, None)
        result = function(*args, **kwargs)
        if not before and _succeeded(result):
            told(args, kwargs, result)
        return result

    return called


def _succeeded(result: object) -> bool:
    """A response that says no is no success, in whatever framework."""
    status = getattr(result, "status_code", None)
    return not isinstance(status, int) or status < _FAILED
