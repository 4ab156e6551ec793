"""The plugin ``leszno_ngo_cooperation``: the record types of a programme of cooperation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.leszno_ngo.cooperation import (
    actions,
    auth,
    checks,
    dashboard_items,
    derivations,
    harvested_values,
    helpers,
    quality,
    source_kinds,
    spending,
    table_fillers,
    type_keys,
    validators,
)
from ckanext.leszno_ngo.cooperation import programme as served
from ckanext.leszno_ngo.cooperation.views.pages import tax_years
from ckanext.leszno_ngo.cooperation.views.routes import money, programme, results, tax
from ckanext.leszno_ngo.interfaces import (
    ApiAction,
    Check,
    Contribution,
    DashboardItem,
    Derivation,
    Feature,
    FrontPart,
    IRecordTypes,
    Page,
    QualityRule,
    RecordForm,
    RecordPart,
    RecordType,
    SharedField,
    SourceKind,
    TableFiller,
    TypeKey,
)

_TYPES = (
    "ngo",
    "call-for-offers",
    "grant",
    "partnership",
    "event",
    "consultation",
    "premises",
    "volunteering",
    "recognition",
    "guide",
    "programme",
)


@tk.blanket.actions(actions)  # type: ignore[arg-type]
@tk.blanket.auth_functions(auth)  # type: ignore[arg-type]
@tk.blanket.helpers(helpers)  # type: ignore[arg-type]
@tk.blanket.validators(validators)  # type: ignore[arg-type]
@tk.blanket.blueprints([money.money, programme.programme, results.results, tax.tax])  # type: ignore[arg-type]
class CooperationPlugin(p.SingletonPlugin, IRecordTypes):
    """Types, vocabularies, checks and sources of a city's cooperation with NGOs."""

    p.implements(p.IConfigurer)

    def update_config(self, config: CKANConfig) -> None:
        """Register templates."""
        tk.add_template_directory(config, "templates")

    def get_type_files(self) -> Sequence[str]:
        """Return the types of the cooperation, the organisations first."""
        return [f"ckanext.leszno_ngo:schemas/{name}.yaml" for name in _TYPES]

    def get_type_keys(self) -> Mapping[str, TypeKey]:
        """Return the keys for the programme, the books, results of calls and 360Giving."""
        return type_keys.TYPE_KEYS

    def get_vocabulary_directories(self) -> Sequence[Path]:
        """Return the vocabularies of the cooperation."""
        return [Path(__file__).parent / "vocabularies"]

    def get_checks(self) -> Mapping[str, Check]:
        """Return what the act on public benefit activity and good sense ask."""
        return checks.CHECKS

    def get_quality_rules(self) -> Mapping[str, QualityRule]:
        """Return the rules for grants."""
        return quality.RULES

    def get_derivations(self) -> Mapping[str, Derivation]:
        """Return how spheres are worked out."""
        return {"spheres": derivations.spheres}

    def get_index_contributions(self) -> Mapping[str, Contribution]:
        """Return the goals of the programme that a record serves."""
        return {"programme_goals": _goals}

    def get_source_kinds(self) -> Mapping[str, SourceKind]:
        """Return registers of NGOs and tables of results."""
        return source_kinds.SOURCE_KINDS

    def get_harvested_values(self) -> Mapping[str, Callable[[str], Any]]:
        """Return those of organisations."""
        return harvested_values.FIELDS

    def get_table_fillers(self) -> Mapping[str, TableFiller]:
        """Return what was spent before."""
        return table_fillers.TABLE_FILLERS

    def get_api_actions(self) -> Mapping[str, ApiAction]:
        """Return the programme in numbers."""
        return actions.DESCRIBED

    def get_pages(self) -> Mapping[str, Page]:
        """Return the money, the programme, and who may get 1.5 % of tax."""
        return {
            "leszno_ngo_money.page": Page(lambda: tk._("Money"), is_main=True),
            "leszno_ngo_programme.page": Page(lambda: tk._("Programme"), is_main=True),
            "leszno_ngo_tax.organisations": Page(
                lambda: tk._("Who may get 1.5%% of tax") % {}, task=_giving_tax
            ),
        }

    def get_front_parts(self) -> Mapping[str, FrontPart]:
        """Return the year's money."""
        return {"money": FrontPart(spending.newest_year, "leszno_ngo/front_parts/money.html")}

    def get_dashboard_items(self) -> Mapping[str, DashboardItem]:
        """Return results to publish, and forms of the programme without an entry."""
        return dashboard_items.DASHBOARD_ITEMS

    def get_record_parts(self) -> Mapping[str, RecordPart]:
        """Return how to give 1.5 % of tax."""
        return {"tax": RecordPart(tax_years.to_give, "leszno_ngo/record_parts/tax.html")}

    def get_shared_fields(self) -> Mapping[str, SharedField]:
        """Return the spheres and the forms of the programme, and what places are like."""
        return {
            "spheres": SharedField(),
            "programme_forms": SharedField(),
            "accessibility": SharedField(of_places=True),
        }

    def get_record_forms(self) -> Mapping[str, RecordForm]:
        """Return the form of a call's results."""
        return {
            "results": RecordForm(
                "leszno_ngo_results.results_{type}",
                "leszno_ngo_results",
                label=lambda: tk._("Enter the results from a file"),
                fits=lambda record_type: type_keys.results(record_type) is not None,
            )
        }

    def get_features(self) -> Mapping[str, Feature]:
        """Return the yearly report and 360Giving."""
        return {
            "leszno_ngo_360giving": Feature(
                "/<type>.360giving.json and .csv, in the 360Giving Data Standard",
                lambda record_type: type_keys.threesixtygiving(record_type) is not None,
            ),
            "leszno_ngo_report": Feature(
                "the yearly report: /program/raport/<year> and <year>.docx",
                _is_ours,
                "ckanext-leszno_ngo[report]",
            ),
        }


def _giving_tax() -> tuple[str, str]:
    hint = tk._("It costs you nothing: write the number of an organisation in your tax return.")
    return tk._("Give 1.5%% of your tax") % {}, hint


def _is_ours(record_type: RecordType) -> bool:
    return record_type.name in _TYPES


def _goals(_type: RecordType, record: Mapping[str, Any]) -> Mapping[str, Any]:
    goals = served.goals(record.get(served.FORMS_FIELD) or ())
    return {served.GOALS_FIELD: goals} if goals else {}
