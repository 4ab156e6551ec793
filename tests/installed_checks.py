"""Run by test_packaging in an environment where only the wheel is installed (no pytest there)."""

import sys
from importlib.metadata import entry_points


def main(ini: str) -> None:
    for entry_point in entry_points(group="ckan.plugins"):
        if entry_point.value.startswith("ckanext.leszno_ngo"):
            assert isinstance(entry_point.load(), type), entry_point

    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    import ckanext.leszno_ngo as package

    assert "site-packages" in package.__file__, package.__file__
    app = make_app(load_config(ini))._wsgi_app

    from ckanext.leszno_ngo import record_types, vocabularies

    assert record_types.all_types()
    for name in vocabularies.names():
        assert vocabularies.get(name).terms
    client = app.test_client()
    addresses = ["/", "/en/"]
    for record_type in record_types.all_types():
        addresses += [f"/{record_type.name}/", f"/{record_type.name}.csv"]
    for address in addresses:
        status = client.get(address).status_code
        assert status == 200, f"{address}: {status}"
    print("all checks passed")  # noqa: T201


main(sys.argv[1])
