"""The national service invoice (NFS-e): built, signed, sent, looked up, cancelled and printed."""

from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.certificate import A1Certificates
from lacre.engines.nfse.municipalities import AdnMunicipalities
from lacre.engines.nfse.office import NationalOffice
from lacre.engines.nfse.opening import NationalSystem, open_national_system
from lacre.engines.nfse.places import Place, Places
from lacre.engines.nfse.printing import DanfsePrinter

__all__ = [
    "A1Certificates",
    "AdnMunicipalities",
    "Algorithm",
    "DanfsePrinter",
    "NationalOffice",
    "NationalSystem",
    "Place",
    "Places",
    "open_national_system",
]
