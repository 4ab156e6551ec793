"""CKAN's validation (navl) for many records of one type.

``navl.validate`` works out anew for every record which validators run on which key, although
that depends only on which keys the record has. A :class:`Validation` works it out once for each
such set of keys and then runs the same validators in the same order. A few of CKAN's validators
would ask the database or walk through the whole record every time; in their place stand ones
that give the same answer from the :class:`BatchState` (``_IN_BULK`` at the end).
``tests/catalogue/test_validation.py`` holds both roads equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import ckan.lib.navl.dictization_functions as navl
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import _
from ckan.lib.navl.validators import unicode_safe
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.logic import converters
from ckan.logic import validators as core
from ckan.logic.schema import default_show_package_schema
from ckan.types import Context
from ckanext.scheming.helpers import scheming_dataset_schemas
from ckanext.scheming.plugins import SchemingDatasetsPlugin

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import Instead, rebound

Key = tuple[Any, ...]
Flat = dict[Key, Any]
#: Validators of one key, each with how many arguments it takes.
Validators = tuple[tuple[Callable[..., Any], int], ...]

_NAVL = "ckan.lib.navl.dictization_functions"
USES = (
    InternalUse(
        title="Validation planned once for many records",
        package="ckan",
        version="2.12.0",
        reason="navl.validate works out for every record which validators run on which key: most "
        "of the time that a register's validation takes",
        upstream="https://github.com/ckan/ckan/issues/687",
        names={
            f"{_NAVL}:_remove_blank_keys": "schema",
            f"{_NAVL}:augment_data": "data, schema",
            f"{_NAVL}:flatten_dict": "data, flattened, old_key, schema",
            f"{_NAVL}:flatten_schema": "schema, flattened, key",
            f"{_NAVL}:flattened_order_key": "key",
            f"{_NAVL}:get_all_key_combinations": "data, flattened_schema",
            f"{_NAVL}:make_full_schema": "data, schema",
            f"{_NAVL}:unflatten": "data",
        },
        copies={
            f"{_NAVL}:validate": "781d48964ab3",
            f"{_NAVL}:_validate": "d54d4de07db8",
            f"{_NAVL}:augment_data": "474e338c95be",
            f"{_NAVL}:convert": "6bf693f6e289",
            f"{_NAVL}:unflatten": "49b7e1d72360",
        },
    ),
    InternalUse(
        title="CKAN's validators that ask the database for each record",
        package="ckan",
        version="2.12.0",
        reason="Name, organisation and extras of thousands of records are looked up at once, or "
        "found without walking through the whole record",
        upstream="https://github.com/ckan/ckan/issues/681",
        rebinds={
            "ckan.logic.validators:owner_org_validator": ("model.Group.get", "model.User.get")
        },
        copies={
            "ckan.logic.converters:convert_from_extras": "d909dc8903ec",
            "ckan.logic.converters:convert_to_extras": "b2cb6f8f1ef2",
            "ckan.logic.validators:duplicate_extras_key": "d76b2c54af65",
            "ckan.logic.validators:package_name_validator": "f33ee520bc5f",
        },
    ),
    InternalUse(
        title="A type's whole schema from ckanext-scheming",
        package="ckanext-scheming",
        version="3.1.0",
        reason="ckanext-scheming completes a type's schema only inside its validate(), anew for "
        "every record",
        upstream="upstream.md#ckanext-scheming-a-types-complete-schema",
        rebinds={"ckanext.scheming.plugins:SchemingDatasetsPlugin.validate": ("navl_validate",)},
    ),
)

#: Sets of keys remembered for one schema: a source has a few dozen, an attacker any number.
_MAX_SHAPES = 500


class BatchState(Protocol):
    """What the validators of a batch ask instead of the database."""

    def name_is_free(self, name: str, package_id: str | None) -> bool:
        """Return whether no other package has the name."""
        ...

    owner_org_validator: Callable[..., Any]


class Stored:
    """The state for records that are only shown: what is stored has been checked."""

    owner_org_validator = staticmethod(core.owner_org_validator)

    def name_is_free(self, _name: str, _package_id: str | None) -> bool:
        """Accept the name: it was checked when the record was saved."""
        return True


@dataclass
class Valid:
    """A record after validation.

    :param flat: the values by navl's flat keys, such as ``("extras", 0, "key")``
    :param flat_errors: messages by the same keys
    :param keys: every key that was checked
    :param empty_lists: keys whose value was ``[]``; navl drops them and CKAN puts them back
    """

    flat: Flat
    flat_errors: dict[Key, list[Any]]
    keys: tuple[Key, ...] = ()
    empty_lists: list[str] = field(default_factory=list)

    @property
    def errors(self) -> dict[str, Any]:
        """Field → messages, as in ``ValidationError.error_dict``; empty when valid."""
        if not any(self.flat_errors.values()):
            return {}
        # keys without errors too: they give the errors of the third resource the third place
        nested = navl.unflatten({key: [] for key in self.keys} | self.flat_errors)
        _drop_passed(nested)
        return navl._remove_blank_keys(nested)

    def top(self) -> dict[str, Any]:
        """Return the values that are fields of the record itself, missing ones left out."""
        return {
            key[0]: value
            for key, value in self.flat.items()
            if len(key) == 1 and value is not tk.missing
        }

    def nested(self) -> dict[str, Any]:
        """Return the record as ``navl.validate`` returns it."""
        converted = unflatten(self.flat)
        for key in self.empty_lists:
            converted.setdefault(key, [])
        return converted

    def extras(self) -> dict[str, str]:
        """Return the extras as ``package.extras`` keeps them."""
        entries: dict[int, dict[str, Any]] = {}
        for key, value in self.flat.items():
            if key[0] == "extras" and len(key) == 3:
                entries.setdefault(key[1], {})[key[2]] = value
        return {entries[n]["key"]: entries[n]["value"] for n in sorted(entries)}


class Validation:
    """One schema of one type, ready for any number of records."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = dict(schema)
        self._schema_keys = list(schema)
        self._prefixes = self._subschema_prefixes()
        self._shapes: dict[tuple[Key, ...], _Shape] = {}

    def run(self, record: dict[str, Any], context: Mapping[str, Any]) -> Valid:
        """Validate a record.

        :param record: as for ``navl.validate``; not changed
        :param context: an action's context; ``leszno_ngo_batch`` is the batch's state
        :returns: the validated values and the errors
        :raises ckan.lib.navl.dictization_functions.DataError: for a value that is no list of
            dicts where the schema has one, as ``navl.validate`` does
        """
        flat = navl.flatten_dict(record, schema=self._schema)
        shape = self._shape(flat)
        data = shape.augmented(flat, self._schema)
        own = Context(context, schema_keys=self._schema_keys)  # type: ignore[arg-type,misc]
        extras = _Extras(data)
        own["leszno_ngo_extras"] = extras  # type: ignore[typeddict-unknown-key]
        errors: dict[Key, list[Any]] = defaultdict(list)
        for key, validators in shape.steps:
            # navl would report that an extra which became a field is empty now; nobody reads that
            if key not in extras.consumed:
                _check(key, validators, data, errors, own)
        empty_lists = [key for key, value in record.items() if value == []]
        return Valid(data, errors, shape.keys, empty_lists)

    def _shape(self, flat: Flat) -> _Shape:
        keys = tuple(flat)
        shape = self._shapes.get(keys)
        if shape is None:
            if len(self._shapes) >= _MAX_SHAPES:
                self._shapes.clear()
            shape = self._shapes[keys] = _build_shape(flat, self._schema, self._prefixes)
        return shape

    def _subschema_prefixes(self) -> set[Key]:
        flattened = navl.flatten_schema(self._schema)
        return {key[:n] for key in flattened for n in range(1, len(key) + 1)}


@dataclass(frozen=True)
class _Shape:
    """What navl does to records that have one certain set of keys.

    :param keys: every key the schema checks
    :param steps: the keys in the order they are checked, each with its validators
    :param missing: keys the schema has and the record has not
    :param moved: keys that no field of the schema claims → where navl collects them
    :param guarded: keys of ``moved`` that stand where the schema wants a list of dicts
    """

    keys: tuple[Key, ...]
    steps: tuple[tuple[Key, Validators], ...]
    missing: tuple[Key, ...]
    moved: tuple[tuple[Key, Key], ...]
    guarded: tuple[Key, ...]

    def augmented(self, flat: Flat, schema: Mapping[str, Any]) -> Flat:
        """Do what ``navl.augment_data`` does."""
        if any(flat[key] != [] for key in self.guarded):
            return navl.augment_data(flat, dict(schema))  # raises its error
        data = dict(flat)
        for key, collected in self.moved:
            data.setdefault(collected, {})[key if collected == ("__junk",) else key[-1]] = data.pop(
                key
            )
        for key in self.missing:
            data[key] = tk.missing
        return data


def _build_shape(flat: Flat, schema: dict[str, Any], prefixes: set[Key]) -> _Shape:
    full = navl.make_full_schema(flat, schema)
    combinations = navl.get_all_key_combinations(flat, navl.flatten_schema(schema))
    unclaimed = [key for key in flat if key not in full]
    moved = tuple(
        (key, (*key[:-1], "__extras") if key[:-1] in combinations else ("__junk",))
        for key in unclaimed
    )
    ordered = sorted(full, key=navl.flattened_order_key)
    phases = (
        [key for key in ordered if key[-1] == "__before"],
        [key for key in ordered if not key[-1].startswith("__")],
        [key for key in ordered if key[-1] == "__extras"],
        [key for key in reversed(ordered) if key[-1] == "__after"],
        [("__junk",)] if ("__junk",) in full else [],
    )
    return _Shape(
        keys=tuple(full),
        steps=tuple(
            (key, tuple(_bulk(converter) for converter in full[key]))
            for phase in phases
            for key in phase
            if full[key]
        ),
        missing=tuple(key for key in full if key not in flat and not key[-1].startswith("__")),
        moved=moved,
        guarded=tuple(key for key in unclaimed if key[::2] in prefixes),
    )


def _bulk(converter: Callable[..., Any]) -> tuple[Callable[..., Any], int]:
    converter = _IN_BULK.get(converter, converter)
    try:
        count = converter.__code__.co_argcount
    except AttributeError as error:
        raise TypeError(f"{converter!r} is not a user-defined function") from error
    if count not in {1, 2, 4}:
        raise TypeError(f"{converter!r} takes {count} arguments; a validator takes 1, 2 or 4")
    return converter, count


def _check(
    key: Key, validators: Validators, data: Flat, errors: dict[Key, list[Any]], context: Any
) -> None:
    for validator, count in validators:
        try:
            if count == 4:
                validator(key, data, errors, context)
            elif count == 1:
                data[key] = validator(data.get(key))
            else:
                data[key] = validator(data.get(key), context)
        except tk.Invalid as error:  # noqa: PERF203 (navl goes on with the next validator)
            errors[key].append(error.error)
        except tk.StopOnError:
            return


def _drop_passed(errors: dict[str, Any]) -> None:
    for key, value in list(errors.items()):
        if not value:
            errors.pop(key)
        elif isinstance(value, list) and isinstance(value[0], dict):
            for entry in value:
                _drop_passed(entry)


def unflatten(flat: Flat) -> dict[str, Any]:
    """Do what ``navl.unflatten`` does, quicker for one level of lists (its order of keys too)."""
    deep = [key for key in flat if len(key) != 1]
    if any(len(key) != 3 for key in deep):
        return navl.unflatten(flat)  # type: ignore[arg-type]
    nested = {key[0]: flat[key] for key in sorted(key for key in flat if len(key) == 1)}
    lists: dict[str, dict[int, dict[str, Any]]] = {}
    for key in sorted(deep):
        lists.setdefault(key[0], {}).setdefault(key[1], {})[key[2]] = flat[key]
    nested.update({name: list(entries.values()) for name, entries in lists.items()})
    return nested


# ---------------------------------------------------------------------------------- schemas
class RecordValidation:
    """A type's own validation for one of ``package_create``, ``package_update``, ``package_show``.

    Schemas of ckanext-scheming are prepared once; the ``validate`` method of any other dataset
    form plugin is called for each record, as CKAN does.
    """

    def __init__(self, record_type: str, action: str) -> None:
        self._plugin = lookup_package_plugin(record_type)
        self._action = action
        self._prepared: Validation | None = None
        if not hasattr(self._plugin, "validate"):
            self._prepared = Validation(self._schema())
        elif _scheming_is_flat(self._plugin, record_type):
            # scheming completes CKAN's schema with the type's fields, then validates by navl.
            complete = rebound(
                SchemingDatasetsPlugin.validate,
                navl_validate=lambda _data, schema, _context: schema,
            )
            self._prepared = Validation(
                complete(self._plugin, {}, {"type": record_type}, self._schema(), action)
            )

    def run(self, record: dict[str, Any], context: Mapping[str, Any]) -> Valid:
        """Validate a record (see :meth:`Validation.run`)."""
        if self._prepared is not None:
            return self._prepared.run(record, context)
        data, errors = plugin_validate(
            self._plugin,
            Context(context),  # type: ignore[misc]
            dict(record),
            self._schema(),
            self._action,
        )
        flat_errors = {(name,): messages for name, messages in errors.items()}
        empty_lists = [key for key, value in data.items() if value == []]
        return Valid(navl.flatten_dict(data), flat_errors, (), empty_lists)

    def _schema(self) -> dict[str, Any]:
        kind = self._action.partition("_")[2]
        return getattr(self._plugin, f"{kind}_package_schema")()


def default_show() -> Validation:
    """Return the validation with CKAN's default show schema, which every index document has."""
    return Validation(default_show_package_schema())


_known: dict[tuple[str, str], tuple[Any, RecordValidation]] = {}


def of_type(record_type: str, action: str) -> RecordValidation:
    """Return the validation of a type, prepared once a process.

    :param record_type: dataset type
    :param action: ``package_create``, ``package_update`` or ``package_show``
    """
    # A plugin loaded anew (tests) has another schema; the object itself says which it is.
    plugin = lookup_package_plugin(record_type)
    source = scheming_dataset_schemas() if _is_of_scheming(plugin) else plugin
    known = _known.get((record_type, action))
    if known is None or known[0] is not source:
        known = _known[record_type, action] = (source, RecordValidation(record_type, action))
    return known[1]


def _scheming_is_flat(plugin: Any, record_type: str) -> bool:
    """Whether scheming validates the type, and without lists of subfields.

    Repeating subfields are stored by a function that scheming makes for each record.
    """
    if not _is_of_scheming(plugin):
        return False
    declared = (scheming_dataset_schemas() or {}).get(record_type)
    return declared is not None and not any(
        "repeating_subfields" in entry
        for group in ("dataset_fields", "resource_fields")
        for entry in declared[group]
    )


def _is_of_scheming(plugin: Any) -> bool:
    return getattr(type(plugin), "validate", None) is SchemingDatasetsPlugin.validate


# ---------------------------------------------------------------------------------- in bulk
class _Extras:
    """Where each extra stands in a flat record.

    :param numbers: name → its place; the first one of a repeated name, as in CKAN
    :param keys: place → the flat keys there
    :param consumed: flat keys of extras that have become fields
    :param next: the first free place; ``None`` until a validator asks
    """

    def __init__(self, data: Flat) -> None:
        self.numbers: dict[Any, int] = {}
        self.keys: dict[int, list[Key]] = {}
        self.consumed: set[Key] = set()
        self.next: int | None = None
        for key, value in data.items():
            if key[0] == "extras" and len(key) > 1:
                self.keys.setdefault(key[1], []).append(key)
                if key[-1] == "key":
                    self.numbers.setdefault(value, key[1])


def _convert_from_extras(key: Key, data: Flat, _errors: Any, context: Any) -> None:
    extras: _Extras = context["leszno_ngo_extras"]
    number = extras.numbers.pop(key[-1], None)
    if number is None:
        return
    data[key] = data["extras", number, "value"]
    for part in extras.keys[number]:
        del data[part]
        extras.consumed.add(part)


def _convert_to_extras(key: Key, data: Flat, _errors: Any, context: Any) -> None:
    extras: _Extras = context["leszno_ngo_extras"]
    number = extras.next
    if number is None:
        number = max(extras.keys, default=-1) + 1
    extras.next = number + 1
    data["extras", number, "key"] = key[-1]
    data["extras", number, "value"] = unicode_safe(data[key])


def _duplicate_extras_key(_key: Key, data: Flat, errors: Any, _context: Any) -> None:
    seen: set[Any] = set()
    for key in [k for k in data if k[0] == "extras" and len(k) == 3 and k[2] == "key"]:
        if data.get(("extras", key[1], "deleted")):
            continue
        if data[key] in seen:
            errors["extras_validation",] = [_('Duplicate key "%s"') % data[key]]
            return
        seen.add(data[key])


def _package_name_validator(key: Key, data: Flat, errors: Any, context: Any) -> None:
    name = data[key]
    package = context.get("package")
    own = package.id if package else data.get((*key[:-1], "id"))
    if not context["leszno_ngo_batch"].name_is_free(name, own):
        errors[key].append(_("That URL is already in use."))
    if len(name) < model.PACKAGE_NAME_MIN_LENGTH:
        raise tk.Invalid(
            _('Name "%s" length is less than minimum %s') % (name, model.PACKAGE_NAME_MIN_LENGTH)
        )
    if len(name) > model.PACKAGE_NAME_MAX_LENGTH:
        raise tk.Invalid(
            _('Name "%s" length is more than maximum %s') % (name, model.PACKAGE_NAME_MAX_LENGTH)
        )


def _owner_org_validator(key: Key, data: Flat, errors: Any, context: Any) -> None:
    context["leszno_ngo_batch"].owner_org_validator(key, data, errors, context)


def remembering_owner_org_validator() -> Callable[..., Any]:
    """Return CKAN's ``owner_org_validator`` that asks once for each user and organisation."""
    return rebound(
        core.owner_org_validator,
        model=Instead(
            model,
            User=Instead(model.User, get=_remembering(model.User.get)),
            Group=Instead(model.Group, get=_remembering(model.Group.get)),
        ),
    )


def _remembering(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    known: dict[Any, Any] = {}

    def remembered(reference: Any) -> Any:
        if reference not in known:
            known[reference] = get(reference)
        return known[reference]

    return remembered


_IN_BULK: dict[Callable[..., Any], Callable[..., Any]] = {
    converters.convert_from_extras: _convert_from_extras,
    converters.convert_to_extras: _convert_to_extras,
    core.duplicate_extras_key: _duplicate_extras_key,
    core.owner_org_validator: _owner_org_validator,
    core.package_name_validator: _package_name_validator,
}
