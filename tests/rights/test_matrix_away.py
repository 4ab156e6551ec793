"""Solr is away: every page that needs it says 503 and when to try again, the others are as ever.

The pages are those of the table of rights, so a new one is asked as well.
"""

from tests import counting
from tests.rights import portal as portals
from tests.rights.test_matrix import addresses

pytestmark = portals.AS_RUN

NOWHERE = "http://127.0.0.1:9/solr/nowhere"  # the port of "discard", where nothing listens
SERVER_ERROR, AWAY, REFUSED = 500, 503, (302, 403)
#: Pages that are away on the portal of the tests, whose address is not https.
UNSET = "/api/leszno-ngo/dane-gov-pl"
SAID = ("nie odpowiada", "nie działa", "does not answer")


def test_no_page_breaks_while_solr_is_away(portal, app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "solr_url", NOWHERE)
    visitor = app.flask_app.test_client(use_cookies=False)
    of_sysadmin = {"Authorization": portal.tokens["sysadmin"]}
    broken = []
    for name, state, where in addresses(app, portal):
        if state != "public":
            continue
        with counting.solr_requests() as asked:
            answer = visitor.get(where)
            if answer.status_code in REFUSED:
                answer = visitor.get(where, headers=of_sysadmin)
        text = answer.get_data(as_text=True) if answer.status_code >= AWAY else ""
        is_said = name.startswith(UNSET) or any(said in text for said in SAID)
        is_said = is_said and answer.headers.get("Retry-After")
        needs_it = asked.count and "<" not in name  # what is about one thing is in the database
        is_right = answer.status_code == AWAY and is_said
        if (answer.status_code >= SERVER_ERROR or needs_it) and not is_right:
            broken.append((name, answer.status_code, text[:80]))
    assert broken == []
