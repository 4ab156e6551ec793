"""The extension's plugin: blankets and interface methods of one line each."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.lib.plugins import DefaultTranslation
from ckan.types import CKANApp, Context, Schema, SignalMapping
from flask import Response

from ckanext.leszno_ngo import (
    feature_plugins,
    portal_settings,
    registration,
    services,
    type_files,
)
from ckanext.leszno_ngo.catalogue import addresses, after_show, form_keys
from ckanext.leszno_ngo.ckan_compat import guard, mailing, schema_files, sessions, table_dumps
from ckanext.leszno_ngo.common import CommonParts
from ckanext.leszno_ngo.harvest import decisions, rights
from ckanext.leszno_ngo.helpers import HELPERS
from ckanext.leszno_ngo.logic import actions, incoming, letters, passwords, uploads
from ckanext.leszno_ngo.registers import changes
from ckanext.leszno_ngo.search import counted, facets, index, query, request_checks, unindexed
from ckanext.leszno_ngo.views.pages import information_pages, site_styles
from ckanext.leszno_ngo.views.shared import (
    feeds,
    kept_forms,
    login_sessions,
    page_caching,
    response_headers,
    sessions_away,
)

# Before ckanext-scheming, wherever it stands in ckan.plugins, reads its files.
schema_files.expand_by(type_files.with_shared)


def _declare(declaration: Declaration, key: Key) -> None:
    """Declare the extension's options, and defaults of others' options."""
    portal_settings.declare(declaration, key)
    registration.declare(declaration, key)


@tk.blanket.actions(actions)  # type: ignore[arg-type]
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations(_declare)  # type: ignore[arg-type]
@tk.blanket.helpers(HELPERS)
@tk.blanket.validators
class LesznoNgoPlugin(CommonParts, p.SingletonPlugin, DefaultTranslation):
    """The engine: pages, search, actions and commands of whatever record types plugins bring."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)
    p.implements(p.IUploader)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.IDomainObjectModification, inherit=True)
    p.implements(p.IConfigurable)
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.ISignal)
    p.implements(p.INotifier, inherit=True)
    p.implements(p.IFeed, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        """Look whether the portal can start, and register templates and assets."""
        services.require(config_)
        registration.fill_from_plugins()
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "leszno_ngo")

    def update_config_schema(self, schema: Schema) -> Schema:
        """Let sysadmins write the texts of the pages about the portal."""
        return information_pages.with_page_texts(schema)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Add what the record's type declares to its index document, and keep passwords out."""
        addresses.hide_logins(pkg_dict)
        return index.before_dataset_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Refuse what no search is for, and turn a person's words into a query."""
        request_checks.check(search_params)
        return query.build(search_params)

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Note which form has made a record, and who answers for a harvest source."""
        form_keys.keep_key(context, pkg_dict["id"])
        rights.sign(context, pkg_dict)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Note who answers for a harvest source, and that a person has put a record in the bin."""
        rights.sign(context, pkg_dict)
        if pkg_dict.get("state") == model.State.DELETED:
            decisions.note_deleted(context, pkg_dict["id"])

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Note that a person has decided against a source's record."""
        decisions.note_deleted(context, pkg_dict["id"])

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Add what the record's dates say now, and take out passwords."""
        after_show.after_dataset_show(pkg_dict)
        rights.hide_secret(pkg_dict)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Add to each record found what its dates say now, and how the search was relaxed."""
        for found in search_results["results"]:
            rights.hide_secret(found)
        facets.tell_relaxed(search_results, search_params)
        return after_show.after_dataset_search(search_results)

    def get_uploader(self, upload_to: str, old_filename: str | None) -> None:
        """Leave the storing of pictures to the next plugin or to CKAN."""

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> None:
        """Check a file, and leave its storing to the next plugin or to CKAN."""
        uploads.check_resource(data_dict)

    def before_resource_show(self, resource_dict: dict[str, Any]) -> dict[str, Any]:
        """Show no address that would run a script."""
        return incoming.without_script(resource_dict)

    def notify(self, entity: Any, operation: str) -> None:
        """Have the register of a changed record published again."""
        changes.notice(entity)

    def configure(self, config: CKANConfig) -> None:
        """Check what is installed and set, say what is open, and put in what CKAN lacks."""
        guard.require_all()
        site_styles.require_colour()
        type_files.require_right()
        feature_plugins.require_decided()
        portal_settings.warn(config)
        unindexed.install()
        counted.install()
        passwords.install()
        mailing.install()
        table_dumps.install()

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:
        """Keep what is no setting out of the configuration; tell browsers what they may do."""
        sessions.keep_client_apart(app)
        sessions_away.put_on(app)
        page_caching.put_on(app)
        return response_headers.put_on(app)

    def identify(self) -> None:
        """End a session that has lasted its time."""
        login_sessions.identify()

    def authenticate(self, identity: dict[str, Any]) -> None:
        """Count an attempt to log in before its password is looked at."""
        login_sessions.authenticate(identity)

    def login(self) -> None:
        """Remember no login beyond its session."""
        login_sessions.login()

    def logout(self) -> Response | None:  # type: ignore[override]
        """Ask before a logout by a link."""
        return login_sessions.logout()

    def get_feed_class(self) -> type[feeds.PlainFeed]:
        """Write CKAN's feeds without characters that XML has not."""
        return feeds.PlainFeed

    def notify_recipient(self, already_notified: bool, *letter: Any) -> bool:
        """Send letters to names with line breaks."""
        return letters.send_plain(already_notified, *letter)

    def notify_about_topic(self, already_notified: bool, topic: str, data: dict[str, Any]) -> bool:
        """Bring names in letters to one line."""
        letters.name_plainly(topic, data)
        return already_notified

    def get_signal_subscriptions(self) -> SignalMapping:
        """Begin and end sessions safely, and keep nothing for an account that is gone."""
        return {
            tk.signals.user_logged_in: [login_sessions.logged_in],
            tk.signals.user_logged_out: [login_sessions.logged_out],
            tk.signals.perform_password_reset: [login_sessions.password_was_set],
            tk.signals.action_succeeded: [{"sender": "user_delete", "receiver": kept_forms.erase}],
        }
