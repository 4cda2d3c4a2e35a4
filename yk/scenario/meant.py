"""What a word of a scenario file means: flow, step, role, entity, field; unknown ones are told with their line."""

from __future__ import annotations

from yk.archive import dictionary
from yk.archive.dictionary import Entity, Field, entities
from yk.desk import views
from yk.errors import DefinitionError, YkError
from yk.flows.flow import Flow, flow_names, load
from yk.flows.roles import find_role
from yk.scenario import words
from yk.scenario.scenario import Place
from yk.scenario.written import bad
from yk.text import did_you_mean, halfwidth


def told_at(place: Place, error: YkError) -> DefinitionError:
    """What is wrong with a word, with the place it is written at."""
    return bad(place, error.code, error.message, error.hint)


def flow_id(word: str, place: Place) -> str:
    """The id of a flow by id or Chinese name. Raises DefinitionError."""
    names, wanted = flow_names(), halfwidth(word)
    for ident, (title, _) in names.items():
        if wanted in (ident, title):
            return ident
    known = [*names, *(title for title, _ in names.values())]
    raise bad(place, "unknown_flow", f"没有流程“{word}”", did_you_mean(wanted, known))


def step_id(flow: str, word: str, place: Place) -> str:
    """The id of a step of a flow, by id, name or entry; the word itself where no flow is known. Raises DefinitionError."""
    if not flow:
        return word
    try:
        return views.find_step(load(flow), word)
    except YkError as error:
        raise told_at(place, error) from None


def where_id(flow: str, word: str, place: Place) -> str:
    """The id of a step, or of what an order may be instead: ended, suspended. Raises DefinitionError."""
    return words.known("place", word) or step_id(flow, word, place)


def role_id(word: str, place: Place) -> str:
    """The id of a role. Raises DefinitionError."""
    try:
        return find_role(word).id
    except YkError as error:
        raise told_at(place, error) from None


def entity_of(word: str, place: Place) -> Entity:
    """An entity of the archive by English or Chinese name. Raises DefinitionError."""
    found = find_entity(word)
    if found is None:
        known = [*entities(), *(one.zh for one in entities().values())]
        raise bad(place, "unknown_entity", f"档案里没有“{word}”这类数据", did_you_mean(word, known))
    return found


def find_entity(word: str) -> Entity | None:
    """An entity by its exact name; None when there is none. What the dictionary forgives in a header (brackets, case) is
    not one here: an order may be called 合同（甲）."""
    found = dictionary.find_entity(word)
    return found if found and word in (found.name, found.zh) else None


def field_of(entity: Entity, word: str, place: Place) -> Field:
    """A field of an entity by English or Chinese name. Raises DefinitionError."""
    found = entity.find(word)
    if found is None:
        known = [*entity.fields, *(one.zh for one in entity.fields.values())]
        raise bad(place, "unknown_field", f"{entity.zh}没有“{word}”这个字段", did_you_mean(word, known))
    return found


def form_field(flow: Flow, word: str, place: Place) -> str:
    """The name of a form field by name or label. Raises DefinitionError."""
    from yk.desk.form import field_of as form_field_of

    try:
        return str(form_field_of(flow, word)["name"])
    except YkError as error:
        raise told_at(place, error) from None
