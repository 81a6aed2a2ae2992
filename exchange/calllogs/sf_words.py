"""The words of the San Francisco fire log in ours: kinds of call, priorities, units, outcomes. A new word is a row."""

from typing import Final

from dispatch.model import UnitKind
from incidents.model import Priority

CATEGORIES: Final = {
    "Alarms": "Y0202",
    "Assist Police": "Y0401",
    "Citizen Assist / Service Call": "Y0499",
    "Electrical Hazard": "Y0210",
    "Elevator / Escalator Rescue": "Y0208",
    "Fuel Spill": "Y0206",
    "Gas Leak (Natural and LP Gases)": "Y0207",
    "Medical Incident": "Y0301",
    "Odor (Strange / Unknown)": "Y0207",
    "Other": "Y0499",
    "Outside Fire": "Y0203",
    "Smoke Investigation (Outside)": "Y0203",
    "Structure Fire": "Y0201",
    "Traffic Collision": "Y0205",
    "Vehicle Fire": "Y0204",
    "Water Rescue": "Y0209",
}

# Letters are the call-taker's determinants (E most urgent, A least; I: information), digits the response code (3: siren).
PRIORITIES: Final = {
    "E": Priority.P0,
    "3": Priority.P1,
    "C": Priority.P1,
    "B": Priority.P2,
    "2": Priority.P2,
    "A": Priority.P3,
    "I": Priority.P4,
}

UNITS: Final = {
    "CHIEF": (UnitKind.VEHICLE, "fire"),
    "ENGINE": (UnitKind.ENGINE, "fire"),
    "INVESTIGATION": (UnitKind.TEAM, "fire"),
    "MEDIC": (UnitKind.AMBULANCE, "medical"),
    "PRIVATE": (UnitKind.AMBULANCE, "medical"),
    "RESCUE CAPTAIN": (UnitKind.VEHICLE, "fire"),
    "RESCUE SQUAD": (UnitKind.TEAM, "fire"),
    "SUPPORT": (UnitKind.VEHICLE, "fire"),
    "TRUCK": (UnitKind.ENGINE, "fire"),
}

CANCELLED: Final = "cancelled"
DISPOSITIONS: Final = {
    "Against Medical Advice": "no_transport",
    "CHP": "transferred",
    "Cancelled": CANCELLED,
    "Code 2 Transport": "transported",
    "Code 3 Transport": "transported",
    "Fire": "handled",
    "Gone on Arrival": "unfounded",
    "Medical Examiner": "no_transport",
    "No Merit": "false_alarm",
    "Other": "handled",
    "Patient Declined Transport": "no_transport",
    "SFPD": "transferred",
    "Unable to Locate": "unfounded",
}
