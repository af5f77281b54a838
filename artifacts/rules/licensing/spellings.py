"""How people spell the names of licenses that SPDX and our own table know.

Sources: the names of SPDX's list, of GitHub, of Kaggle and of the Hub's list of licenses.
"""

from __future__ import annotations

from functools import lru_cache

from artifacts.rules.licensing.spdx import find_id
from artifacts.rules.licensing.terms import TERMS
from artifacts.rules.patterns import Pattern

_PIECES = Pattern(r"[a-z]+|[0-9]+(?:[.][0-9]+)*[a-z]?|[+]")
# Words that say nothing about which license it is.
_FILLERS = frozenset((
    "agreement", "family", "international", "licence", "license", "licenses", "the", "unported",
    "v", "ver", "version",
))  # fmt: skip
# Only names of these letters are reduced: others, such as asterisks, may stand for an addition.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.+ _-,:;/\"'()\u201c\u201d\u2019\u2013&")
_OR_LATER = Pattern(
    r"[, ]*[ (-](?:or|and) ?-?(?:any )?-?(?:later|newer|above|greater)\)?(?: versions?)?"
)
# Words of Creative Commons' names, as the parts of their ids.
_COMMONS = (
    ("creative commons", "cc"), ("creativecommons", "cc"), ("attribution", "by"),
    ("noncommercial", "nc"), ("non commercial", "nc"), ("sharealike", "sa"), ("share alike", "sa"),
    ("noderivatives", "nd"), ("noderivs", "nd"), ("no derivatives", "nd"), ("no derivs", "nd"),
)  # fmt: skip
_COMMONS_WORDS = frozenset(("cc", "by", "nc", "sa", "nd", "generic", "public", "deed"))
_NEWEST_COMMONS = "4.0"
# "by" alone names nothing: it takes "attribution", or "cc", or another part beside it.
_PARTS_MIN = 2
# Spellings in reduced form: the words without fillers, joined.
_ALIASES = {
    "Apache-2.0": "apache apache2 apachesoftware apachesoftware2.0 asl2.0 al2.0 alv2 apl2.0",
    "MIT": "mit expat mitexpat",
    "MIT-0": "mit0 mitnoattribution",
    "0BSD": "bsd0 bsdzeroclause zeroclausebsd freepublic freepublic1.0.0",
    "BSD-2-Clause": "bsd2 bsd2clause 2clausebsd simplifiedbsd bsdsimplified bsd2clausesimplified "
    "freebsd bsd2clausefreebsd",
    "BSD-3-Clause": "bsd bsd3 bsd3clause 3clausebsd newbsd bsdnew modifiedbsd revisedbsd "
    "bsd3clauseneworrevised bsd3clausenew bsd3clauserevised bsdneworrevised bsd3clausemodified",
    "BSD-3-Clause-Clear": "bsdclear clearbsd",
    "BSD-4-Clause": "bsd4 4clausebsd originalbsd bsdoriginal bsd4clauseoriginalorold "
    "bsd4clauseoriginal",
    # Without a version the licensee may choose any (GPL-2.0, section 9; GPL-3.0, section 14).
    "GPL-2.0-or-later": "gpl gnugpl gnugeneralpublic generalpublic gpl2.0+ gpl2+ "
    "gnugeneralpublic2.0+ gnugeneralpublic2+ gnugpl2+",
    "GPL-2.0-only": "gpl2 gpl2.0 gnugpl2 gnugpl2.0 gnugeneralpublic2 gnugeneralpublic2.0",
    "GPL-3.0-only": "gpl3 gpl3.0 gnugpl3 gnugpl3.0 gnugeneralpublic3 gnugeneralpublic3.0 "
    "generalpublic3 gnugplgeneralpublic3",
    "GPL-3.0-or-later": "gpl3.0+ gpl3+ gnugeneralpublic3.0+ gnugeneralpublic3+ gnugpl3+",
    "LGPL-2.0-or-later": "lgpl2+ lgpl2.0+",
    "LGPL-2.1-only": "lgpl2.1 gnulesser2.1 gnulessergeneralpublic2.1 lessergeneralpublic2.1 "
    "gnulgpl2.1",
    "LGPL-2.1-or-later": "lgpl gnulgpl lgpl2.1+ gnulessergeneralpublic lessergeneralpublic "
    "gnulessergeneralpublic2.1+ gnulgpl2.1+",
    "LGPL-3.0-only": "lgpl3 lgpl3.0 gnulessergeneralpublic3 gnulessergeneralpublic3.0 gnulgpl3 "
    "lessergeneralpublic3.0",
    "LGPL-3.0-or-later": "lgpl3+ lgpl3.0+ gnulessergeneralpublic3.0+ gnulessergeneralpublic3+ "
    "gnulgpl3+",
    "AGPL-3.0-only": "agpl agpl3 agpl3.0 gnuagpl gnuagpl3 gnuagpl3.0 gnuafferogeneralpublic "
    "gnuafferogeneralpublic3 gnuafferogeneralpublic3.0 afferogeneralpublic3.0 affero",
    "AGPL-3.0-or-later": "agpl3+ agpl3.0+ gnuafferogeneralpublic3.0+ gnuafferogeneralpublic3+",
    "GFDL-1.3-only": "gfdl gfdl1.3 gnufreedocumentation gnufreedocumentation1.3",
    "GFDL-1.2-only": "gfdl1.2 gnufreedocumentation1.2",
    "LGPLLR": "lgpllr lessergeneralpublicforlinguisticresources "
    "gnulessergeneralpublicforlinguisticresources",
    "MPL-2.0": "mpl mpl2 mozillapublic mozillapublic2 mozillapublic2.0 mozilla2.0",
    "MPL-1.1": "mozillapublic1.1",
    "EPL-2.0": "epl epl2 eclipsepublic eclipsepublic2 eclipsepublic2.0",
    "EPL-1.0": "epl1 eclipsepublic1.0",
    "EUPL-1.2": "eupl europeanunionpublic europeanunionpublic1.2 europeanunionpublic1.2eupl",
    "EUPL-1.1": "europeanunionpublic1.1",
    "BSL-1.0": "boost boostsoftware boost1.0 boostsoftware1.0",
    "Unlicense": "unlicense unlicence",
    "WTFPL": "dowhatfckyouwanttopublic dowhatfuckyouwanttopublic wtfpl2 wtfpl2.0",
    "CC0-1.0": "cc0 cc0publicdomain publicdomain cczero creativecommonszero cc01.0universal "
    "creativecommonszero1.0universal creativecommons0 cc01.0universalpublicdomaindedication "
    "publicdomaincc0 creativecommonscc0 creativecommonscc01.0universal cc0universal "
    "creativecommonszero1.0 publicdomaindedication",
    # "cc" names a family whose members allow everything or almost nothing.
    "CC-BY-NC-ND-4.0": "cc creativecommons",
    "PDDL-1.0": "pddl odcpddl opendatacommonspddl opendatacommonspublicdomaindedicationand "
    "opendatacommonspublicdomaindedication odcpublicdomaindedicationand",
    "ODC-By-1.0": "odcby odcattribution opendatacommonsattribution "
    "opendatacommonsby odcby1 opendatacommonsattribution1.0",
    "ODbL-1.0": "odbl opendatabase opendatacommonsodbl opendatacommonsopendatabase "
    "opendatacommonsopendatabase1.0 opendatabase1.0 databaseopendatabasecontentsdatabasecontents "
    "databaseopendatabase",
    "CDLA-Permissive-1.0": "communitydatapermissive1.0 communitydatapermissive cdlapermissive "
    "cdlapermissive10",
    "CDLA-Permissive-2.0": "communitydatapermissive2.0 cdlapermissive20",
    "CDLA-Sharing-1.0": "communitydatasharing1.0 communitydatasharing cdlasharing",
    "C-UDA-1.0": "computationaluseofdata computationaluseofdata1.0",
    "etalab-2.0": "etalabopen2.0 licenceouverte2.0 openlicence2.0 etalab",
    "Artistic-2.0": "artistic artistic2 perlartistic2.0",
    "AFL-3.0": "afl academicfree3.0 academicfree",
    "ECL-2.0": "educationalcommunity2.0 educationalcommunity",
    "OSL-3.0": "opensoftware3.0",
    "OFL-1.1": "ofl silopenfont1.1 silopenfont openfont1.1 silofl1.1",
    "NCSA": "universityofillinoisncsaopensource universityofillinoisncsa ncsaopensource uiuc",
    "LPPL-1.3c": "latexprojectpublic1.3c lppl latexprojectpublic",
    "MS-PL": "microsoftpublic mspl",
    "MS-RL": "microsoftreciprocal msrl",
    "Zlib": "zlib zliblibpng",
    "UPL-1.0": "upl universalpermissive1.0 universalpermissive",
    "Python-2.0": "psf psf2.0 pythonsoftwarefoundation psfl python2 pythonsoftwarefoundation2.0",
    "PostgreSQL": "postgresql postgres",
    "MulanPSL-2.0": "mulanpermissivesoftware2 mulanpsl2 mulanpsl mulanpermissivesoftware",
    "ISC": "isc iscl internetsystemsconsortium",
    "HPND": "historicalpermissionnoticeanddisclaimer",
    "BUSL-1.1": "busl businesssource businesssource1.1 bsl1.1 busl1.1",
    "SSPL-1.0": "sspl serversidepublic serversidepublic1",
    "Elastic-2.0": "elastic elastic2 elastic2.0 elv2 el2.0",
    "PolyForm-Noncommercial-1.0.0": "polyformnoncommercial polyformnoncommercial1.0",
    "PolyForm-Small-Business-1.0.0": "polyformsmallbusiness",
    "US-Government-Works": "usgovernmentworks u.s.governmentworks usgovernmentwork publicdomainus",
    "OpenMDW-1.0": "openmdw openmodeldataweights openmdw1 openmodeldataweights1.0",
    "OpenMDW-1.1": "openmodeldataweights1.1",
    "OpenRAIL++-M": "openrail++ openrail++m openrailplusplus creativemlopenrail++m "
    "creativemlopenrail++ sdxl ",
    "OpenRAIL": "openrails",
    "BigCode-OpenRAIL-M": "bigcodeopenrailm bigcodeopenrail bigcodeopenrailm1",
    "Llama-2": "llama2community",
    "DeepFloyd-IF": "deepfloydif deepfloydifresearch",
    "H-RAIL": "hrail1.0",
    "HAI-DEF": "healthaideveloperfoundations",
    "FAIR-NC-Research": "fairnoncommercialresearch",
    "H-Research": "hresearch",
    "Intel-Research": "intelresearchuse",
    "Apple-AMLR": "applemodelforresearch",
    "Apple-ASCL": "applesamplecode",
}
# Reduced, it would be NVIDIA's CUDA.
_BY_LOWER = {name.lower(): name for name in TERMS} | {"c-uda": "C-UDA-1.0"}


def find_spelling(name: str) -> str:
    """Return the canonical name that a spelling stands for, "" if it is none that we know."""
    lower = " ".join(name.lower().split()).replace("f\\*ck", "f*ck").replace("f*ck", "fck")
    hyphened = lower.replace(" ", "-")
    if hyphened in _BY_LOWER:
        return _BY_LOWER[hyphened]
    if not lower or not _LETTERS.issuperset(lower):
        return ""
    reduced = _reduce(_OR_LATER.sub("+", lower).removesuffix(" only"))
    return _reduced().get(reduced) or _find_commons(lower) or find_id(hyphened)


def _reduce(lower: str) -> str:
    """Return the words of a name in lower case, joined, without those that say nothing."""
    pieces = _PIECES.findall(lower)
    for number, after in enumerate(pieces[1:]):
        # "gplv3" is "gpl", "v", "3".
        if pieces[number].endswith("v") and after[0].isdigit():
            pieces[number] = pieces[number][:-1]
    return "".join(each for each in pieces if each not in _FILLERS)


def _find_commons(lower: str) -> str:
    """Return Creative Commons' license of a name, with whatever words of its name, "" for none."""
    plain = " ".join(_PIECES.findall(lower))
    is_attribution = "attribution" in plain
    for spelled, part in _COMMONS:
        plain = plain.replace(spelled, part)
    words = [each for each in plain.split() if each not in _FILLERS]
    versions = {each for each in words if each[0].isdigit()}
    parts = set(words) - versions
    if "by" not in parts or not parts <= _COMMONS_WORDS or len(versions) > 1:
        return ""
    if (len(parts) < _PARTS_MIN and not is_attribution) or {"sa", "nd"} <= parts:
        return ""
    version = next(iter(versions), _NEWEST_COMMONS)
    version += "" if "." in version else ".0"
    named = "-".join(("CC", *(each.upper() for each in ("by", "nc", "sa", "nd") if each in parts)))
    return _BY_LOWER.get(f"{named}-{version}".lower(), "") or find_id(f"{named}-{version}")


@lru_cache(maxsize=1)
def _reduced() -> dict[str, str]:
    """Return the canonical names by spelling in reduced form."""
    found = {_reduce(name.lower()): name for name in TERMS}
    for name, spellings in _ALIASES.items():
        found |= dict.fromkeys(spellings.split(), name)
    return found
