"""Images of the containers: exact tags in one place, each with room for its digest."""

import re

import yaml

from devstack.settings import ROOT

COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def set_in_example():
    return dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE))


def named_images():
    """What stands where compose.yaml names an image."""
    made = yaml.safe_load(COMPOSE)
    services = made["services"].values()
    yield made["x-ckan"]["build"]["args"]["CKAN_IMAGE"]
    yield from (service["image"] for service in services if "image" in service)


def test_compose_takes_every_image_from_the_one_place():
    variables = set_in_example()
    for image in named_images():
        found = re.fullmatch(r"\$\{(\w+)_IMAGE:\?[^}]+\}\$\{\1_DIGEST:\+@\$\1_DIGEST\}", image)
        assert found, image
        assert f"{found[1]}_DIGEST" in variables
        assert re.search(r":\d+\.\d+[\w.-]*$", variables[f"{found[1]}_IMAGE"])


def test_the_containers_recipe_names_no_image_itself():
    made = yaml.safe_load(COMPOSE)["x-ckan"]["build"]["dockerfile_inline"]
    assert re.findall(r"^FROM (.+)$", made, re.MULTILINE) == ["$$CKAN_IMAGE"]
