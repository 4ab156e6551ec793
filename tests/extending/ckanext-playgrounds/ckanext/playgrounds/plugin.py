from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.interfaces import ERROR, Check, Finding, Format, IRecordTypes


def opened_already(case):
    opened = case.day("opened_date")
    if opened and opened > case.now.date():
        yield Finding("opened_date", ERROR, "opens_later", data={"day": opened})


def sentences():
    return {"opens_later": tk._("It opens on %(day)s. Publish it then")}


def as_text(records, record_type, *, lang, about):
    yield f"{about.address}\n".encode()
    for record in records:
        yield f"{record['title']} ({record['playground_number']})\n".encode()


class PlaygroundsPlugin(p.SingletonPlugin, IRecordTypes):
    def get_type_files(self):
        return ["ckanext.playgrounds:playground.yaml"]

    def get_vocabulary_directories(self):
        return [Path(__file__).parent / "vocabularies"]

    def get_checks(self):
        return {"opened_already": Check(opened_already, sentences)}

    def get_formats(self):
        label = {"pl": "Lista do wydruku (TXT)", "en": "List to print (TXT)"}
        return {"txt": Format("text/plain; charset=utf-8", as_text, label)}
